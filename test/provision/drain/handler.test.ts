import { describe, expect, it } from 'vitest';
import { PRIORITY } from '../../../functions/directory/record.ts';
import { drainOfGenerations, provisionHandler } from '../../../functions/provision/drain/handler.ts';
import type { WorkPendingEvents } from '../../../functions/provision/drain/pending-event-rounds.ts';
import { openGenerations } from '../../../functions/tenant/generation/current.ts';
import { activate } from '../../../functions/tenant/generation/store.ts';
import { contextWith } from '../../scim/event.ts';
import { person, provisionBench } from '../bench.ts';

const MINUTE = 60_000;
const rings = (...tenants: string[]) =>
  ({
    Records: tenants.map((tenant, index) => ({ messageId: `m-${index}`, body: JSON.stringify({ tenant }) })),
  }) as never;

/** The drain's function for two tenants, and which of them it has drained until when. */
function open(fails?: string) {
  const bench = provisionBench();
  const { tenant } = bench.provisioning;
  const drained: { readonly name: string; readonly last: number }[] = [];
  const work: WorkPendingEvents = async ({ name }, _, last) => {
    drained.push({ name, last });
    return {};
  };
  const { directory } = bench;
  const services = {
    ...bench.services,
    directory: {
      ...directory,
      duePersons: async (...asked: Parameters<typeof directory.duePersons>) => {
        if (asked[0] === fails) throw new Error('the table is away');
        return directory.duePersons(...asked);
      },
    },
  };
  const handle = provisionHandler({ tenants: { demo: tenant, other: tenant } }, services, { work });
  return {
    ...bench,
    services,
    drained,
    names: () => drained.map(({ name }) => name),
    handle: (...tenants: string[]) => handle(rings(...tenants), contextWith(MINUTE)),
  };
}

/** More back-fill than a drain has time for. */
async function crowd(stored: ReturnType<typeof open>['stored']): Promise<void> {
  const terms = { inline: undefined, priority: PRIORITY.backfill } as never;
  for (let index = 0; index < 70; index += 1) await stored(person(`p-${index}`), terms);
}

describe('the function of the drain', () => {
  it('drains each tenant that rang, once however often it did', async () => {
    const { handle, names } = open();
    expect(await handle('demo', 'other', 'demo', 'demo')).toEqual({ batchItemFailures: [] });
    expect(names()).toEqual(['demo', 'other']);
  });

  it('is done with a tenant that is configured no more, and goes on with the others', async () => {
    const { handle, names } = open();
    expect(await handle('gone', 'demo')).toEqual({ batchItemFailures: [] });
    expect(names()).toEqual(['demo']);
  });

  it('gives the message back of a tenant whose drain failed, says why, and drains the others', async () => {
    const { handle, names, logged } = open('demo');
    expect(await handle('demo', 'other')).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-0' }] });
    expect(names()).toContain('other');
    const [said] = logged.filter((line) => line.includes('the table is away'));
    expect(JSON.parse(said ?? '{}')).toMatchObject({ tenant: 'demo', reason: 'the table is away' });
  });

  it('ends before its time is over', async () => {
    const { handle, drained, clock } = open();
    const end = clock.now() + MINUTE;
    await handle('demo');
    // Half a minute before the drain's own end no round of pending events is begun.
    expect(drained[0]?.last).toBe(end - 2_000 - 30_000);
  });

  it('rings once for whom it has no time for, before it ends', async () => {
    const { handle, rung, stored, services, clock } = open();
    await crowd(stored);
    rung.length = 0;
    const end = clock.now() + MINUTE - 2_000;
    const rangAt: number[] = [];
    services.ring = async () => {
      rangAt.push(end - clock.now());
      return true;
    };
    expect(await handle('demo')).toEqual({ batchItemFailures: [] });
    expect(rangAt).toEqual([expect.any(Number)]);
    expect(rangAt[0]).toBeGreaterThan(10_500);
  });

  it('rings at its end where it could not before', async () => {
    const { handle, stored, services } = open();
    await crowd(stored);
    const answers = [false, true];
    services.ring = async () => answers.shift() ?? false;
    expect(await handle('demo')).toEqual({ batchItemFailures: [] });
    expect(answers).toEqual([]);
  });

  it('rings for nobody who has nothing left to do', async () => {
    const { handle, rung, stored, simulator } = open();
    await stored(person('ada'), { inline: undefined } as never);
    rung.length = 0;
    await handle('demo');
    expect(simulator.agents()).toHaveLength(1);
    expect(rung).toEqual([]);
  });
});

describe('the function of the drain, by generations', () => {
  it('has nothing to do before one is active, and then drains by it', async () => {
    const { services, directory, clock, provisioning, drained, names } = open();
    const generations = openGenerations({ directory, clock });
    const work: WorkPendingEvents = async ({ name }, _, last) => {
      drained.push({ name, last });
      return {};
    };
    const handle = drainOfGenerations(generations, services, { work });
    expect(await handle(rings('demo'), contextWith(MINUTE))).toEqual({ batchItemFailures: [] });
    expect(names()).toEqual([]);
    const terms = { after: undefined, now: clock.now(), by: 'anna', isDeployment: false };
    await activate(directory, { tenants: { demo: provisioning.tenant } }, terms);
    clock.advance(MINUTE);
    expect(await handle(rings('demo'), contextWith(MINUTE))).toEqual({ batchItemFailures: [] });
    expect(names()).toEqual(['demo']);
  });
});
