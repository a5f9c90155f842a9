import { expect, it } from 'vitest';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { erasePerson } from '../../functions/operate/people/erase.ts';
import type { IncomingPerson } from '../../functions/provision/accept-inline.ts';
import { type ProvisionBench, person, provisionBench } from '../provision/bench.ts';

const later = { inline: undefined } as unknown as Partial<IncomingPerson>;
const ACTOR = { by: 'grace' };

/** A person whose create was sent once and never answered. */
async function withUnknownCreate(
  bench: ProvisionBench,
  name: string,
  fault: 'drop-before' | 'drop-after',
): Promise<PersonRecord> {
  const { simulator } = bench;
  simulator.setBehaviour({
    ...simulator.behaviour(),
    faults: [{ on: 'POST /agents', kind: fault, times: 1 }],
  });
  const stored = await bench.stored(person(name), later);
  await bench.drained(11_000);
  const record = await bench.read(stored);
  expect(record).toMatchObject({ attempts: { unknown: true }, agent: { presence: 'none' } });
  expect(record.agent.agentId).toBeUndefined();
  return record;
}

const erase = ({ provisioning, services }: ProvisionBench, record: PersonRecord) =>
  erasePerson(provisioning, services, record, { agent: true }, ACTOR);

const isKept = ({ directory }: ProvisionBench, { tenant, id }: PersonRecord) =>
  directory.readPerson(tenant, id).then((record) => record !== undefined);

/** Agents that carry no key of ours. */
function unkeyedBench(): ProvisionBench {
  const { agent } = provisionBench().provisioning.tenant;
  return provisionBench({ tenant: { agent: { ...agent, customId: { from: 'none' } } } });
}

it.each([
  ['by our key', provisionBench],
  ['by its address, where agents carry no key', unkeyedBench],
])('an agent whose id was never learned is found %s and deleted with the person', async (_, open) => {
  const bench = open();
  await bench.stored(person('eve'), later);
  await bench.settled();
  const ada = await withUnknownCreate(bench, 'ada', 'drop-after');
  const made = bench.simulator.agents().find(({ firstName }) => firstName === 'ada');
  const receipt = await erase(bench, ada);
  expect(receipt.erased).toContain(`the agent ${made?.id} in SmartAssist`);
  expect(bench.simulator.agents().map(({ firstName }) => firstName)).toEqual(['eve']);
  expect(await isKept(bench, ada)).toBe(false);
});

it('an agent of our key costs one look-up and one deletion', async () => {
  const bench = provisionBench();
  const ada = await withUnknownCreate(bench, 'ada', 'drop-after');
  const before = bench.agentCalls();
  await erase(bench, ada);
  const after = Object.entries(bench.agentCalls()).map(
    ([call, count]) => [call, count - (before[call] ?? 0)] as const,
  );
  expect(after.filter(([, count]) => count > 0)).toEqual([
    ['GET /agents/customId/{customId}', 1],
    ['DELETE /agents/{agentId}', 1],
  ]);
});

it('a create that never came to SmartAssist leaves a receipt that says so', async () => {
  const bench = provisionBench();
  const ada = await withUnknownCreate(bench, 'ada', 'drop-before');
  const receipt = await erase(bench, ada);
  expect(receipt.erased).toContain(`no agent: SmartAssist has none with the customId ${ada.agent.customId}`);
  expect(receipt.remains.join()).not.toContain('SmartAssist');
});

it("another person's agent with the same custom id stays", async () => {
  const bench = provisionBench();
  const eve = await bench.stored(person('eve'), later);
  await bench.settled();
  const renamed = person('eve', { name: { givenName: 'eve', familyName: 'Other' } });
  await bench.stored(renamed, { ...later, before: await bench.read(eve) });
  await bench.settled();
  const ofEve = await bench.read(eve);
  expect(ofEve.agent.agentId).toBeDefined();
  const ada = await withUnknownCreate(bench, 'ada', 'drop-before');
  const twin = { ...ada, version: ada.version + 1, agent: { ...ada.agent, customId: ofEve.agent.customId } };
  const written = await bench.directory.updatePerson(ada, twin);
  expect(written.ok).toBe(true);
  await erase(bench, await bench.read(ada));
  expect(bench.simulator.agents()).toMatchObject([{ firstName: 'eve' }]);
});

it('nothing is erased while SmartAssist gives no usable answer', async () => {
  const bench = provisionBench();
  const ada = await withUnknownCreate(bench, 'ada', 'drop-after');
  const { simulator } = bench;
  simulator.setBehaviour({
    ...simulator.behaviour(),
    faults: [{ on: 'GET /agents/customId/{customId}', kind: 'drop-before', times: 1 }],
  });
  await expect(erase(bench, ada)).rejects.toThrow(/nothing else was erased, try again/);
  expect(await isKept(bench, ada)).toBe(true);
  expect(simulator.agents()).toHaveLength(1);
});

it('an attempt that died midway may have made an agent: it is looked for', async () => {
  const bench = provisionBench();
  const ada = await withUnknownCreate(bench, 'ada', 'drop-after');
  const died: PersonRecord = {
    ...ada,
    version: ada.version + 1,
    attempts: { ...ada.attempts, unknown: false },
    lease: { holder: 'dead', until: bench.clock.now() - 1 },
  };
  expect((await bench.directory.updatePerson(ada, died)).ok).toBe(true);
  await erase(bench, await bench.read(ada));
  expect(bench.simulator.agents()).toEqual([]);
});
