import { describe, expect, it } from 'vitest';
import { type Directory, openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { compileMapping } from '../../functions/mapping/compile.ts';
import {
  callsOf,
  count,
  type Effect,
  type Foreseen,
  forecast,
  foreseeRecord,
  noEffects,
  outlookOf,
} from '../../functions/provision/forecast.ts';
import { openPlanner, type Plan, type Planner } from '../../functions/provision/plan.ts';
import { fixedCatalogue } from '../../functions/smartassist/catalogue.ts';
import type { Rule, TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { aGroup, aPerson, NOON } from '../contract/directory.ts';
import { demoCatalogue, demoTenant } from '../mapping/demo.ts';

const clock = { now: () => NOON, sleep: async () => {} };
const DELETED = { deletedAt: new Date(NOON).toISOString() };

function directoryOf(): Directory {
  return openDirectory(memoryTable(clock), clock);
}

function plannerOf(directory: Directory, changes: Partial<TenantConfiguration> = {}): Planner {
  const tenant = { ...demoTenant(), ...changes };
  const compiled = compileMapping(tenant);
  if (!('mapping' in compiled)) throw new Error(JSON.stringify(compiled.problems));
  const catalogue = fixedCatalogue(demoCatalogue);
  return openPlanner({ tenant, mapping: compiled.mapping, catalogue, directory, now: clock.now });
}

const withRule = (name: string, set: Rule['set'], more: Partial<Rule> = {}) => ({
  rules: [...demoTenant().rules, { name, set, ...more }],
});
const named = (id: string, more: Partial<PersonRecord> = {}) =>
  aPerson('acme', id, { person: { userName: `${id}@example.com`, displayName: id }, ...more });
const serving = (more: object = {}) => ({
  agent: {
    customId: 'ada',
    presence: 'active',
    emailId: 'ada@example.com',
    appliedHash: 'older',
    ...more,
  } as const,
});
const out = (person: object = {}) => ({ person: { userName: 'ada@example.com', active: false, ...person } });

/** What a configuration would do to one person. */
async function foreseen(
  more: Partial<PersonRecord>,
  tenant: Partial<TenantConfiguration> = {},
  before?: Partial<TenantConfiguration>,
): Promise<Foreseen> {
  const directory = directoryOf();
  const former = before && plannerOf(directory, before);
  return foreseeRecord(directory, plannerOf(directory, tenant), former, named('ada', more));
}
const WHO = { id: 'ada', userName: 'ada@example.com' };

/** The effect of a plan that no configuration of the demo tenant leads to. */
async function effectOf(plan: Plan, more: Partial<PersonRecord> = {}): Promise<Foreseen> {
  const directory = directoryOf();
  const planner = { ...plannerOf(directory), plan: async () => plan };
  return foreseeRecord(directory, planner, undefined, named('ada', more));
}

describe('what a configuration would do to a person', () => {
  it('is an agent, for whom there is none yet, with the rules that make it', async () => {
    expect(await foreseen({})).toEqual({
      ...WHO,
      effect: 'create',
      of: expect.stringMatching(/^[0-9a-f]{64}$/),
      rules: ['everyone'],
    });
    expect(await foreseen({ agent: { customId: 'ada', presence: 'removed' } })).toMatchObject({
      effect: 'create',
    });
  });

  it('is service again for an agent that is out of it', async () => {
    expect(await foreseen(serving({ presence: 'suspended' }))).toMatchObject({
      effect: 'resume',
      rules: ['everyone'],
    });
  });

  it('is nothing for an agent that is as it should be', async () => {
    const { of: appliedHash } = await foreseen(serving());
    expect(await foreseen(serving({ appliedHash }))).toEqual({ ...WHO, effect: 'untouched' });
  });

  it('is a change, field by field and by the rules that give what differs, as they were and would be', async () => {
    const [before, after] = [
      withRule('sellers', { nickName: 'S' }),
      withRule('billers', { agentGroup: 'Billing' }),
    ];
    expect(await foreseen(serving(), after, before)).toEqual({
      ...WHO,
      effect: 'change',
      of: expect.any(String),
      fields: {
        nickName: { from: 'S', to: undefined },
        agentGroup: { from: 'Default Group', to: 'Billing' },
      },
      rules: ['everyone', 'sellers', 'billers'],
    });
  });

  it('is a change of which no more is known, where the configuration before made no agent of the person', async () => {
    const change = { ...WHO, effect: 'change', of: expect.any(String), fields: {} };
    expect(await foreseen(serving())).toEqual(change);
    expect(await foreseen(serving(), {}, { provisionWhen: 'title pr' })).toEqual(change);
  });

  it('names what an attribute of the person gives by no rule', async () => {
    const agent = { ...demoTenant().agent, nickName: { from: 'title' } };
    const person = { userName: 'ada@example.com', displayName: 'ada', title: 'Dr' };
    expect(await foreseen({ ...serving(), person }, { agent }, {})).toMatchObject({
      fields: { nickName: { from: undefined, to: 'Dr' } },
      rules: [],
    });
  });

  it('says of a field that stays as SmartAssist has it that it is kept', async () => {
    const ownership = { nickName: 'initial' } as const;
    const [before, after] = [withRule('one', { nickName: 'A' }), withRule('one', { nickName: 'B' })];
    expect(await foreseen(serving(), { ...after, ownership }, before)).toMatchObject({ kept: ['nickName'] });
    expect(await foreseen(serving(), after, before)).not.toHaveProperty('kept');
  });

  it('says what of the rules begins or ends, and what is left out as it can not be used', async () => {
    const agent = { ...demoTenant().agent, nickName: { from: 'title', as: 'digits', otherwise: null } };
    const rules = withRule('guests', { attachmentsEnabled: true }, { from: '2030-01-20' });
    const person = { userName: 'ada@example.com', displayName: 'ada', title: 'Dr' };
    const change = await foreseen({ person }, { ...rules, agent } as Partial<TenantConfiguration>);
    expect(change.dates).toEqual(['rule "guests" counts from 2030-01-20T00:00:00.000Z']);
    expect(change.warnings).toEqual([expect.stringContaining('title')]);
    expect(await foreseen({})).not.toHaveProperty('dates');
    expect(await foreseen({})).not.toHaveProperty('warnings');
  });

  it('is a failure with every reason, where there can be no agent', async () => {
    expect(await foreseen({}, withRule('wrong', { agentGroup: 'Nowhere' }))).toEqual({
      ...WHO,
      effect: 'fail',
      problems: [expect.stringContaining('"Nowhere"')],
      reason: 'unknown-name',
      failed: { fields: ['agentGroup'], rules: ['wrong'] },
    });
  });

  it.each<Plan>([
    { kind: 'unreadable', problems: [{ field: 'skills', message: 'can not be read' }] },
    { kind: 'unavailable', failure: { outcome: 'throttled', waitMs: 1 } },
  ])('is a failure where names can not be read: $kind', async (plan) => {
    const problems =
      plan.kind === 'unreadable' ? ['can not be read'] : ['the names of SmartAssist are not known'];
    expect(await effectOf(plan)).toEqual({ ...WHO, effect: 'fail', problems, reason: 'names-unreadable' });
  });

  it('is leaving service, and why', async () => {
    const leaves = { ...WHO, effect: 'suspend', of: 'leaving' };
    expect(await foreseen({ ...serving(), ...out() })).toEqual({ ...leaves, reason: 'inactive' });
    expect(await foreseen(serving(), { provisionWhen: 'title pr' })).toEqual({
      ...leaves,
      reason: 'out-of-scope',
    });
    expect(await foreseen({ ...serving(), ...DELETED })).toEqual({ ...leaves, reason: 'deleted' });
    const suspended = serving({ presence: 'suspended' });
    expect(await foreseen({ ...suspended, ...out() })).toEqual({ ...WHO, effect: 'untouched' });
  });

  it('is no agent any more, where the tenant opted for that or it was a test', async () => {
    const { lifecycle } = demoTenant();
    const removed = { ...WHO, effect: 'remove', of: 'leaving', reason: 'deleted' };
    expect(
      await foreseen({ ...serving(), ...DELETED }, { lifecycle: { ...lifecycle, onDelete: 'remove' } }),
    ).toEqual(removed);
    expect(await effectOf({ kind: 'undo', unassignedGroupId: 'u' }, DELETED)).toEqual(removed);
  });

  it('is waiting for whom no rule wants, and nothing for what is left as it is', async () => {
    expect(await foreseen(out())).toEqual({ ...WHO, effect: 'wait' });
    expect(await effectOf({ kind: 'keep' }, serving())).toEqual({ ...WHO, effect: 'untouched' });
  });

  it('takes the groups that the person has in the directory', async () => {
    const directory = directoryOf();
    const ada = named('ada');
    await directory.createPerson(ada);
    await directory.createGroup(aGroup('acme', 'g1', { displayName: 'Contact Centre Billing' }));
    await directory.addMembers('acme', 'g1', [{ value: 'ada' }]);
    const [now, former] = [plannerOf(directory), plannerOf(directory, { rules: [] })];
    expect(await foreseeRecord(directory, now, undefined, ada)).toMatchObject({
      rules: ['everyone', 'billing'],
    });
    expect(await foreseeRecord(directory, now, undefined, ada, [])).toMatchObject({ rules: ['everyone'] });
    const all = [];
    for await (const each of forecast(directory, 'acme', now, former)) all.push(each);
    expect(all).toMatchObject([{ ...WHO, effect: 'create', rules: ['everyone', 'billing'] }]);
  });

  it('is asked of everybody in the directory', async () => {
    const directory = directoryOf();
    for (const id of ['ada', 'bob', 'cyd']) await directory.createPerson(named(id));
    const effects = noEffects();
    for await (const each of forecast(directory, 'acme', plannerOf(directory), undefined))
      count(effects, each);
    expect(effects).toEqual({ ...noEffects(), create: 3 });
  });
});

describe('an address that another person has', () => {
  const bob = named('bob', { agent: { customId: 'bob', presence: 'active', emailId: 'ada@example.com' } });
  const besideBob = async (more: Partial<PersonRecord>, tenant: Partial<TenantConfiguration> = {}) => {
    const directory = directoryOf();
    await directory.createPerson(bob);
    return foreseeRecord(directory, plannerOf(directory, tenant), undefined, named('ada', more));
  };

  it('fails whoever is to get it', async () => {
    const failure = {
      ...WHO,
      effect: 'fail',
      problems: [expect.stringContaining('bob@example.com')],
      reason: 'uniqueness',
      failed: { fields: ['emailId'] },
    };
    expect(await besideBob({})).toEqual(failure);
    expect(await besideBob(serving({ emailId: 'former@example.com' }))).toEqual(failure);
  });

  it('fails nobody whose agent has it, and nobody who leaves service', async () => {
    expect(await besideBob(serving())).toMatchObject({ effect: 'change' });
    expect(await besideBob({ ...serving({ emailId: 'former@example.com' }), ...out() })).toMatchObject({
      effect: 'suspend',
    });
    const { of: appliedHash } = await foreseen(serving());
    const rested = serving({ appliedHash, emailId: 'former@example.com' });
    expect(await besideBob(rested)).toMatchObject({ effect: 'untouched' });
  });
});

describe('what a forecast comes to', () => {
  const NO_BRAKE = { windows: {}, engaged: {} };
  const outlook = (
    effects: Partial<Record<Effect, number>>,
    {
      active = 100,
      brake = NO_BRAKE,
      ...tenant
    }: Partial<TenantConfiguration> & { active?: number; brake?: object } = {},
  ) =>
    outlookOf(
      { ...noEffects(), ...effects },
      { ...demoTenant(), ...tenant },
      active,
      brake as typeof NO_BRAKE,
      NOON,
    );

  it('is how many persons, calls at the most, and the minutes that these take', () => {
    const effects = {
      create: 10,
      change: 20,
      resume: 1,
      suspend: 2,
      remove: 3,
      fail: 4,
      wait: 5,
      untouched: 6,
    };
    expect(outlook(effects)).toMatchObject({ persons: 51, effects, calls: 62, minutes: 2 });
    expect(outlook({ create: 50 })).toMatchObject({ calls: 50, minutes: 1 });
    expect(outlook({ untouched: 8 })).toMatchObject({ persons: 8, calls: 0, minutes: 0 });
    const { smartassist } = demoTenant();
    expect(outlook({ create: 61 }, { smartassist: { ...smartassist, callsPerMinute: 'auto' } }).minutes).toBe(
      2,
    );
    expect(['create', 'fail', 'wait', 'untouched'].map((effect) => callsOf(effect as Effect))).toEqual([
      1, 0, 0, 0,
    ]);
    for (const effect of ['change', 'resume', 'suspend', 'remove'] as const) expect(callsOf(effect)).toBe(2);
  });

  it('is whether the brake would hold those who leave', () => {
    const brakeAt = (suspend: number, remove: number) => outlook({ suspend, remove }).brake;
    expect(brakeAt(6, 4)).toEqual({ leaving: 10, lets: 10, engages: false, engaged: false });
    expect(brakeAt(6, 5)).toEqual({ leaving: 11, lets: 10, engages: true, engaged: false });
  });

  it('is that the brake holds already', () => {
    const engaged = { leaving: { at: NOON, window: 'within', counted: 11, limit: 10 } };
    expect(outlook({ suspend: 1 }, { brake: { windows: {}, engaged } }).brake).toEqual({
      leaving: 1,
      lets: 0,
      engages: true,
      engaged: true,
    });
  });

  it('is how many would wait for a seat, where there are so many', () => {
    const seatsOf = (effects: Partial<Record<Effect, number>>, seats: number, active = 100) =>
      outlook(effects, { seats, active }).seats;
    expect(outlook({ create: 5 })).not.toHaveProperty('seats');
    expect(seatsOf({ create: 3, resume: 2 }, 105)).toEqual({ of: 105, inService: 100, waiting: 0 });
    expect(seatsOf({ create: 3, resume: 3 }, 105)?.waiting).toBe(1);
    // Who leaves makes room.
    expect(seatsOf({ create: 6, suspend: 1, remove: 2 }, 102)?.waiting).toBe(1);
    // With a lower limit nobody is put out of service for those who wait.
    expect(seatsOf({ create: 2 }, 90)?.waiting).toBe(2);
  });
});
