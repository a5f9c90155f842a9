import { describe, expect, it } from 'vitest';
import { readBrake, releaseBrake } from '../../functions/provision/brake.ts';
import { discardHeldByBrake, releaseHeldByBrake } from '../../functions/provision/held-by-brake.ts';
import { type ProvisionBench, person, provisionBench } from './bench.ts';

const UNASSIGNED = 'Unassigned';

/** So many agents in service. */
async function staffed(count: number): Promise<ProvisionBench> {
  const bench = provisionBench();
  for (let index = 0; index < count; index += 1) {
    await bench.stored(person(`p-${index}`), { inline: undefined } as never);
  }
  await bench.settled();
  return bench;
}

async function deactivate(bench: ProvisionBench, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index += 1) {
    const [before] = await bench.directory.findPerson('demo', {
      attribute: 'userName',
      value: `p-${index}@example.com`,
    });
    if (before === undefined) throw new Error('nobody');
    await bench.stored(person(`p-${index}`, { active: false }), { before, inline: undefined } as never);
  }
  await bench.settled();
}

const outOfService = ({ simulator }: ProvisionBench): number => {
  const id = simulator.catalogue.agentGroups.find(({ name }) => name === UNASSIGNED)?.id;
  return simulator.agents().filter(({ agentGroupId }) => agentGroupId === id).length;
};
const held = async ({ directory }: ProvisionBench) =>
  (await directory.heldPersons('demo', { limit: 100 })).persons;

describe('the brake', () => {
  it('lets the leavers of a normal day through', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 6);
    expect(outOfService(bench)).toBe(6);
    expect(await held(bench)).toEqual([]);
  });

  it('lets a few through in a small contact centre, whatever their share', async () => {
    const bench = await staffed(6);
    await deactivate(bench, 0, 4);
    expect(outOfService(bench)).toBe(4);
  });

  it('holds whoever is beyond the share, and says so', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 40);
    expect(outOfService(bench)).toBe(6);
    expect(await held(bench)).toHaveLength(34);
    expect((await readBrake(bench.services, 'demo')).engagedAt).toBeDefined();
    expect(bench.numbers.of('BrakeEngaged')).toEqual({ '': 1 });
    expect(bench.logged.some((line) => line.includes('the brake engages'))).toBe(true);
  });

  it('holds until somebody decides, however long it takes', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 40);
    bench.clock.advance(24 * 60 * 60_000);
    await deactivate(bench, 40, 41);
    expect(outOfService(bench)).toBe(6);
    expect(await held(bench)).toHaveLength(35);
  });

  it('lets joiners and movers go on', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 40);
    expect((await bench.stored(person('new'), { inline: undefined } as never)).state).toBe('due');
    await bench.settled();
    expect(bench.simulator.agents()).toHaveLength(61);
  });

  it('counts leavers over the time that it watches, and forgets them after', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 6);
    bench.clock.advance(61 * 60_000);
    await deactivate(bench, 6, 11);
    expect(outOfService(bench)).toBe(11);
  });

  it('released, lets everybody through who waits', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 40);
    expect(await releaseHeldByBrake(bench.services, 'demo')).toBe(34);
    await bench.settled();
    expect(outOfService(bench)).toBe(40);
    expect(await held(bench)).toEqual([]);
  });

  it('discarded, leaves the agents in service until the person changes again', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 40);
    const [first] = await held(bench);
    expect(await discardHeldByBrake(bench.services, 'demo')).toBe(34);
    await bench.settled();
    expect(outOfService(bench)).toBe(6);
    if (first === undefined) throw new Error('nobody was held');
    const before = await bench.read(first);
    expect(before.discarded).toBe(true);
    await bench.stored({ ...before.person, title: 'changed' }, { before, inline: undefined } as never);
    await bench.settled();
    expect(outOfService(bench)).toBe(7);
  });

  it('lets somebody through who comes back while being held', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 40);
    const [first] = await held(bench);
    if (first === undefined) throw new Error('nobody was held');
    await bench.stored({ ...first.person, active: true }, { before: first, inline: undefined } as never);
    await bench.settled();
    expect((await bench.read(first)).state).toBe('provisioned');
    expect(await held(bench)).toHaveLength(33);
  });

  it('released by word alone lets those through who come within the hour', async () => {
    const bench = await staffed(60);
    await releaseBrake(bench.services, 'demo');
    await deactivate(bench, 0, 40);
    expect(outOfService(bench)).toBe(40);
  });
});
