import { describe, expect, it } from 'vitest';
import type { Directory } from '../../functions/directory/directory.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import type { IncomingPerson } from '../../functions/provision/accept-inline.ts';
import { reconcile } from '../../functions/reconcile/reconciliation.ts';
import { readReconciliation } from '../../functions/reconcile/report.ts';
import type { Person } from '../../functions/scim-core/person.ts';
import type { BehaviourInput } from '../../local/simulator/behaviour.ts';
import { type ProvisionBench, person, provisionBench } from './bench.ts';

const later = { inline: undefined } as unknown as Partial<IncomingPerson>;

/** A person whose userName is no address. */
const at = (name: string, address: string, changes: Partial<Person> = {}): Person =>
  person(name, {
    userName: name,
    emails: [{ value: `${address}@example.com`, type: 'work', primary: true }],
    ...changes,
  });

type CustomId = 'generated' | 'none';

interface Options {
  readonly customId?: CustomId;
  readonly behaviour?: BehaviourInput;
  readonly onDeactivate?: 'suspend' | 'ignore';
  readonly directory?: (directory: Directory) => Directory;
}

/** SmartAssist takes an address twice, so nothing but the product keeps two agents from having one. */
function openBench({ customId = 'none', behaviour = {}, onDeactivate = 'suspend', directory }: Options = {}) {
  const { agent, lifecycle } = provisionBench().provisioning.tenant;
  return provisionBench({
    behaviour: { duplicateEmail: { isRefused: false }, ...behaviour },
    tenant: {
      agent: { ...agent, customId: { from: customId } },
      lifecycle: { ...lifecycle, onDeactivate },
    },
    ...(directory === undefined ? {} : { directory }),
  });
}

async function settled(bench: ProvisionBench): Promise<void> {
  await bench.settled();
  bench.clock.advance(3_600_000);
  await bench.settled();
}

/** A person whose create is sent once, in one attempt, and never answered. */
async function withUnknownCreate(bench: ProvisionBench, of: Person, fault: 'drop-before' | 'drop-after') {
  const { simulator } = bench;
  simulator.setBehaviour({
    ...simulator.behaviour(),
    faults: [{ on: 'POST /agents', kind: fault, times: 1 }],
  });
  const stored = await bench.stored(of, later);
  await bench.drained(11_000);
  const record = await bench.read(stored);
  expect(record).toMatchObject({ state: 'due', attempts: { unknown: true }, agent: { presence: 'none' } });
  return record;
}

/** Changes a person as a source does that waits for no answer. */
async function change(bench: ProvisionBench, record: PersonRecord, to: Person): Promise<PersonRecord> {
  return bench.stored(to, { ...later, before: await bench.read(record) });
}

const agentsOf = ({ simulator }: ProvisionBench, name: string) =>
  simulator.agents().filter(({ firstName }) => firstName === name);

const IS_EVES = { code: 'uniqueness', message: expect.stringContaining('"eve"') };

describe.each<CustomId>(['generated', 'none'])(
  'with customId: %s, a create of unknown outcome',
  (customId) => {
    it("never becomes another person's agent whose address the person has by now", async () => {
      const bench = openBench({ customId });
      await bench.stored(at('eve', 'eve'), later);
      await settled(bench);
      const before = agentsOf(bench, 'eve');
      const ada = await withUnknownCreate(bench, at('ada', 'ada'), 'drop-before');
      await change(bench, ada, at('ada', 'eve'));
      await settled(bench);
      expect(bench.simulator.agents()).toEqual(before);
      expect(await bench.read(ada)).toMatchObject({
        state: 'failed',
        agent: { presence: 'none' },
        attempts: { unknown: false, lastError: IS_EVES },
      });
    });

    it('is looked for although the address that the person has by now is another person’s', async () => {
      const bench = openBench({ customId });
      await bench.stored(at('eve', 'eve'), later);
      await settled(bench);
      const ada = await withUnknownCreate(bench, at('ada', 'ada'), 'drop-after');
      await change(bench, ada, at('ada', 'eve'));
      await settled(bench);
      const [made, ...more] = agentsOf(bench, 'ada');
      expect(more).toEqual([]);
      expect(await bench.read(ada)).toMatchObject({
        state: 'failed',
        agent: { agentId: made?.id, presence: 'active' },
        attempts: { unknown: false, lastError: IS_EVES },
      });
      await change(bench, ada, at('ada', 'eve', { active: false }));
      await settled(bench);
      expect((await bench.read(ada)).state).toBe('suspended');
      expect(agentsOf(bench, 'eve')).toMatchObject([{ emailId: 'eve@example.com' }]);
    });

    it('is looked for although the person can not be an agent as they are by now', async () => {
      const bench = openBench({ customId });
      await bench.stored(at('eve', 'eve'), later);
      await settled(bench);
      const ada = await withUnknownCreate(bench, at('ada', 'ada'), 'drop-after');
      await change(bench, ada, at('ada', 'ada', { phoneNumbers: [{ value: 'none', type: 'work' }] }));
      await settled(bench);
      const [made] = agentsOf(bench, 'ada');
      expect(await bench.read(ada)).toMatchObject({
        state: 'failed',
        agent: { agentId: made?.id, presence: 'active' },
        attempts: { unknown: false, lastError: { code: 'invalid' } },
      });
    });

    it('is looked for although a leaver’s agent is to stay as it is', async () => {
      const bench = openBench({ customId, onDeactivate: 'ignore' });
      await bench.stored(at('eve', 'eve'), later);
      await settled(bench);
      const ada = await withUnknownCreate(bench, at('ada', 'ada'), 'drop-after');
      await change(bench, ada, at('ada', 'ada', { active: false }));
      await settled(bench);
      const [made] = agentsOf(bench, 'ada');
      expect(await bench.read(ada)).toMatchObject({
        state: 'waiting',
        agent: { agentId: made?.id, presence: 'active' },
        attempts: { unknown: false },
      });
    });

    it('whose person is about to get another address is waited for by the one who gets this one', async () => {
      const bench = openBench({ customId });
      const eve = await bench.stored(at('eve', 'eve'), later);
      await settled(bench);
      const ada = await withUnknownCreate(bench, at('ada', 'ada'), 'drop-after');
      await change(bench, eve, at('eve', 'ada'));
      await change(bench, ada, at('ada', 'ada.king'));
      await settled(bench);
      expect(agentsOf(bench, 'ada')).toMatchObject([{ emailId: 'ada.king@example.com' }]);
      expect(agentsOf(bench, 'eve')).toMatchObject([{ emailId: 'ada@example.com' }]);
      expect((await bench.read(eve)).state).toBe('provisioned');
    });
  },
);

describe('an agent without our key whose id was never told', () => {
  it('is not taken by a joiner with its address, whichever operation of the directory fails midway', async () => {
    let failsAt = 0;
    let operations = 0;
    let isOver = false;
    for (let at1 = 1; !isOver && at1 < 200; at1 += 1) {
      failsAt = 0;
      const bench = openBench({ directory: failing });
      await bench.stored(at('eve', 'eve'), later);
      await settled(bench);
      const before = bench.simulator.agents();
      const ada = await bench.stored(at('ada', 'eve'), later);
      operations = 0;
      failsAt = at1;
      await bench.drained().catch(() => undefined);
      isOver = operations < failsAt;
      failsAt = 0;
      bench.clock.advance(120_000);
      await settled(bench);
      expect(bench.simulator.agents(), `operation ${at1} fails`).toEqual(before);
      expect(await bench.read(ada)).toMatchObject({
        state: 'failed',
        agent: { presence: 'none' },
        attempts: { unknown: false, lastError: IS_EVES },
      });
    }
    expect(isOver).toBe(true);

    function failing(directory: Directory): Directory {
      return new Proxy(directory, {
        get: (target, name: keyof Directory) => {
          const operation = target[name];
          if (typeof operation !== 'function') return operation;
          return (...given: never[]) => {
            operations += 1;
            if (operations === failsAt) return Promise.reject(new Error(`${name} failed`));
            return (operation as (...all: never[]) => unknown).apply(target, given);
          };
        },
      });
    }
  });

  it('is not mistaken for one that was there before, with the address that the person has by now', async () => {
    const bench = openBench();
    bench.simulator.seedAgent({ emailId: 'desk@example.com', firstName: 'desk' });
    const ada = await bench.stored(at('ada', 'ada'), later);
    await settled(bench);
    await change(bench, ada, at('ada', 'desk'));
    const { clock, provisioning, services } = bench;
    await reconcile(provisioning, services, clock.now() + 3_600_000, true);
    const [made] = agentsOf(bench, 'ada');
    expect((await bench.read(ada)).agent.agentId).toBe(made?.id);
    expect(agentsOf(bench, 'desk')).toHaveLength(1);
  });
});

describe('a create that SmartAssist applies after it was looked for', () => {
  it.each<CustomId>(['generated', 'none'])(
    'leaves an agent that a reconciliation lists as held by no person, and touches neither: customId %s',
    async (customId) => {
      const bench = openBench({ customId });
      const { provisioning, services, simulator, clock } = bench;
      const ada = await withUnknownCreate(bench, person('ada'), 'drop-before');
      await settled(bench);
      const [made] = agentsOf(bench, 'ada');
      if (made === undefined) throw new Error('no agent was made');
      const { emailId, firstName, lastName, customId: key } = made;
      const late = simulator.seedAgent({ emailId, firstName, lastName, customId: key });
      await reconcile(provisioning, services, clock.now() + 3_600_000, true);
      await settled(bench);
      expect((await bench.read(ada)).agent.agentId).toBe(made.id);
      const report = await readReconciliation(services, 'demo');
      expect(report).toMatchObject({ foreign: [late.id] });
      expect(agentsOf(bench, 'ada')).toEqual([made, late]);
    },
  );
});
