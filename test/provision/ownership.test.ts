import { describe, expect, it } from 'vitest';
import { drain } from '../../functions/provision/drain/drain.ts';
import { forecast } from '../../functions/provision/forecast.ts';
import type { Rule, TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { configurationSchema } from '../../functions/tenant/configuration.ts';
import { demoTenant } from '../mapping/demo.ts';
import { type ProvisionBench, person, provisionBench } from './bench.ts';

const WAITS = { inline: undefined } as never;
const PUT = 'PUT /agents/{agentId}';

const named = (nickName: string, more: object = {}): Rule[] => [
  ...demoTenant().rules,
  { name: 'named', set: { nickName, attachmentsEnabled: true, ...more } },
];

async function made(changes: Partial<TenantConfiguration> = {}) {
  const tenant = { ownership: { nickName: 'initial' }, rules: named('Ours'), ...changes };
  const bench = provisionBench({ tenant, behaviour: { returnsAgentId: true } });
  await bench.stored(person('ada'));
  await bench.settled();
  return bench;
}

function only({ simulator }: ProvisionBench) {
  const [agent] = simulator.agents();
  if (agent === undefined) throw new Error('no agent');
  return agent;
}

async function change(bench: ProvisionBench, changes: object) {
  const [before] = await bench.directory.findPerson('demo', {
    attribute: 'userName',
    value: 'ada@example.com',
  });
  if (before === undefined) throw new Error('no ada');
  await bench.stored(person('ada', changes), { before, ...(WAITS as object) });
  await bench.settled();
}

const drained = (bench: ProvisionBench, changes: Partial<TenantConfiguration>) =>
  drain(bench.reconfigure(changes), bench.services, bench.clock.now() + 300_000);

describe('a field that is SmartAssist’s once the agent is made', () => {
  it('is given at creation, and stays as a supervisor leaves it', async () => {
    const bench = await made();
    expect(only(bench).nickName).toBe('Ours');
    bench.simulator.editAgent(String(only(bench).id), { nickName: 'Theirs' });
    await change(bench, { name: { givenName: 'Augusta', familyName: 'Example' } });
    expect(only(bench)).toMatchObject({ firstName: 'Augusta', nickName: 'Theirs' });
  });

  it('costs no call when its rule alone changes', async () => {
    const bench = await made();
    const { [PUT]: before = 0 } = bench.agentCalls();
    await drained(bench, { rules: named('Another') });
    expect(bench.agentCalls()[PUT] ?? 0).toBe(before);
    expect(only(bench).nickName).toBe('Ours');
  });

  it('is overwritten again once it is the mapping’s', async () => {
    const bench = await made();
    bench.simulator.editAgent(String(only(bench).id), { nickName: 'Theirs' });
    await drained(bench, { ownership: undefined, rules: named('Another') });
    expect(only(bench).nickName).toBe('Another');
  });

  it('causes no call by becoming so', async () => {
    const bench = await made({ ownership: undefined });
    const before = bench.agentCalls();
    await drained(bench, { ownership: { nickName: 'initial' } });
    expect(bench.agentCalls()).toEqual(before);
  });

  it('is given to an agent that is made anew after it was removed', async () => {
    const lifecycle = { ...demoTenant().lifecycle, onDelete: 'remove' as const };
    const bench = await made({ lifecycle });
    bench.simulator.editAgent(String(only(bench).id), { nickName: 'Theirs' });
    const [before] = await bench.directory.findPerson('demo', {
      attribute: 'userName',
      value: 'ada@example.com',
    });
    if (before === undefined) throw new Error('no ada');
    const gone = await bench.stored(person('ada'), { before, deleted: true, ...(WAITS as object) } as never);
    await bench.settled();
    expect(bench.simulator.agents()).toEqual([]);
    await bench.stored(person('ada'), { before: await bench.read(gone), ...(WAITS as object) });
    await bench.settled();
    expect(only(bench).nickName).toBe('Ours');
  });

  it('is left to an agent that is adopted', async () => {
    const faults = [{ on: 'POST /agents', kind: 'drop-after', times: 1 }] as never;
    const bench = provisionBench({
      tenant: { ownership: { nickName: 'initial' }, rules: named('Ours') },
      behaviour: { returnsAgentId: true, faults },
    });
    await bench.stored(person('ada'));
    bench.simulator.editAgent(String(only(bench).id), { nickName: 'Theirs', attachmentsEnabled: false });
    await bench.settled();
    expect(only(bench)).toMatchObject({ nickName: 'Theirs', attachmentsEnabled: true });
  });

  it('is, where it is the agent group, given back to who returns to service', async () => {
    const bench = await made({ ownership: { agentGroup: 'initial' } });
    const { agentGroupId } = only(bench);
    await change(bench, { active: false });
    expect(only(bench).agentGroupId).not.toBe(agentGroupId);
    await change(bench, {});
    expect(only(bench).agentGroupId).toBe(agentGroupId);
    const other = bench.simulator.catalogue.agentGroups.find(
      ({ id, name }) => id !== agentGroupId && name !== 'Unassigned',
    );
    bench.simulator.editAgent(String(only(bench).id), { agentGroupId: String(other?.id) });
    await change(bench, { name: { givenName: 'Augusta', familyName: 'Example' } });
    expect(only(bench)).toMatchObject({ firstName: 'Augusta', agentGroupId: other?.id });
  });

  it('is shown as such in a plan', async () => {
    const bench = await made();
    const before = bench.provisioning.planner;
    const { planner } = bench.reconfigure({ rules: named('Another', { emojisEnabled: true }) });
    const foreseen = [];
    for await (const each of forecast(bench.directory, 'demo', planner, before)) foreseen.push(each);
    expect(foreseen).toMatchObject([{ effect: 'change', kept: ['nickName'] }]);
  });
});

it.each([[{ skill: 'initial' }], [{ emailId: 'initial' }], [{ skills: 'never' }]])(
  'another word than always and initial, or another field, is refused: %j',
  (ownership) => {
    const smartassist = { host: 'platform.kore.ai', streamId: 'st-1' };
    expect(configurationSchema.safeParse({ tenants: { demo: { smartassist, ownership } } }).success).toBe(
      false,
    );
  },
);
