import { describe, expect, it } from 'vitest';
import { type Directory, openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { compileMapping } from '../../functions/mapping/compile.ts';
import { openPlanner, type Planner, withGroups } from '../../functions/provision/plan.ts';
import {
  type Catalogue,
  type CatalogueStore,
  fixedCatalogue,
} from '../../functions/smartassist/catalogue.ts';
import type { Failure, Outcome } from '../../functions/smartassist/outcome.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { SecretError } from '../../functions/tenant/secrets/secret-error.ts';
import { aGroup, aPerson, NOON } from '../contract/directory.ts';
import { demoCatalogue, demoTenant } from '../mapping/demo.ts';
import { AGENT } from '../mapping/tenant.ts';

const TERMS = { urgency: 'interactive', deadline: NOON + 8_000 } as const;
const THROTTLED: Failure = { outcome: 'throttled', waitMs: 4_000 };
const UNASSIGNED = demoCatalogue.agentGroups.find(({ isUnassigned }) => isUnassigned)?.id;
const clock = { now: () => NOON, sleep: async () => {} };

const person = (more: object = {}) => ({ userName: 'ada@example.com', displayName: 'Ada', ...more });
const ada = (more: Partial<PersonRecord> = {}) => aPerson('acme', 'ada', { person: person(), ...more });
const OUT = { person: person({ active: false }) };
const GONE = { deletedAt: new Date(NOON).toISOString() };
const active = (more: object = {}) => ({ agent: { customId: 'ada', presence: 'active', ...more } as const });
const UNSURE = { attempts: { count: 1, unknown: true } };

type Lifecycle = TenantConfiguration['lifecycle'];
interface Opened {
  readonly tenant?: Partial<TenantConfiguration>;
  readonly lifecycle?: Partial<Lifecycle>;
  readonly catalogue?: CatalogueStore;
  readonly directory?: Directory;
}

function open({ tenant: changes, lifecycle, ...given }: Opened = {}): Planner {
  const demo = demoTenant();
  const tenant = { ...demo, ...changes, lifecycle: { ...demo.lifecycle, ...lifecycle } };
  const compiled = compileMapping(tenant);
  if (!('mapping' in compiled)) throw new Error(JSON.stringify(compiled.problems));
  return openPlanner({
    tenant,
    mapping: compiled.mapping,
    catalogue: fixedCatalogue(demoCatalogue),
    directory: openDirectory(memoryTable(clock), clock),
    now: clock.now,
    ...given,
  });
}

const planned = (record: PersonRecord, options: Opened = {}) => open(options).plan(record, TERMS, []);

/** A catalogue of which each reading comes to what a test says. */
function reading(
  get: Outcome<Catalogue> | Error,
  getNewer: Outcome<Catalogue> | Error = new Error('not to be asked'),
): CatalogueStore {
  const answer = (outcome: Outcome<Catalogue> | Error) =>
    outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
  return { ...fixedCatalogue(demoCatalogue), get: () => answer(get), getNewer: () => answer(getNewer) };
}
const read = (changes: Partial<Catalogue> = {}) =>
  ({ outcome: 'ok', value: { ...demoCatalogue, ...changes } }) as const;
const NO_UNASSIGNED = { agentGroups: demoCatalogue.agentGroups.filter(({ isUnassigned }) => !isUnassigned) };
const UNREAD = { reason: 'the app has no scope for agent groups', tries: 1, nextAt: NOON };

describe('who is to be an agent', () => {
  it('is planned with what SmartAssist is sent, by the rules that are for the person', async () => {
    const plan = await planned(ada());
    expect(plan).toMatchObject({
      kind: 'agent',
      payload: { emailId: 'ada@example.com', firstName: 'Ada', customId: 'ada' },
      mapped: { rules: ['everyone'] },
    });
    expect(plan).not.toHaveProperty('changesAt');
  });

  it('is planned by groups as well: those that are known, else those that the directory has', async () => {
    const directory = openDirectory(memoryTable(clock), clock);
    const record = ada();
    await directory.createPerson(record);
    const group = aGroup('acme', 'g1', { displayName: 'Contact Centre Billing' });
    await directory.createGroup(group);
    await directory.addMembers('acme', 'g1', [{ value: 'ada' }]);
    const planner = open({ directory });
    expect(await planner.plan(record, TERMS)).toMatchObject({ mapped: { rules: ['everyone', 'billing'] } });
    expect(await planner.plan(record, TERMS, [])).toMatchObject({ mapped: { rules: ['everyone'] } });
    const groups = [{ id: 'g2', display: 'Contact Centre Support' }];
    expect(await planner.plan(record, TERMS, groups)).toMatchObject({
      mapped: { rules: ['everyone', 'technical support'] },
    });
    expect(await planner.mapped(record, TERMS, groups)).toMatchObject({
      agent: { agentGroup: 'Technical Support' },
    });
  });

  it('has the groups that the source said where the product keeps none', () => {
    const groups = [{ value: 'x', display: 'Sales' }];
    expect(withGroups(person({ groups }), [])).toEqual(person({ groups }));
    expect(withGroups(person({ groups }), [{ id: 'g1', display: 'Billing' }])).toEqual(
      person({ groups: [{ value: 'g1', display: 'Billing' }] }),
    );
  });

  it('is planned with the moment at which rules make something else of the person', async () => {
    const rules = [...demoTenant().rules, { name: 'guests', from: '2030-01-20', set: { nickName: 'Guest' } }];
    const changesAt = Date.UTC(2030, 0, 20);
    expect(await planned(ada(), { tenant: { rules } })).toMatchObject({ kind: 'agent', changesAt });
    const broken = [...rules, { name: 'wrong', set: { agentGroup: 'Nowhere' } }];
    expect(await planned(ada(), { tenant: { rules: broken } })).toMatchObject({ kind: 'invalid', changesAt });
  });

  it('has what a source asks for only where that source, of which the attribute came, may ask', async () => {
    const tenant = { wishes: { hr: ['agentGroup'], scim: [] } } as Partial<TenantConfiguration>;
    const asking = { person: person({ [AGENT]: { agentGroup: 'Billing' } }) };
    const groupOf = async (origins?: PersonRecord['origins']) => {
      const plan = await planned(ada({ ...asking, ...(origins && { origins }) }), { tenant });
      return plan.kind === 'agent' ? plan.mapped.agent.agentGroup : plan;
    };
    expect(await groupOf({ [AGENT]: 'hr' })).toBe('Billing');
    expect(await groupOf()).toBe('Default Group');
  });

  it('is left alone where an operator discarded this very change', async () => {
    const plan = await planned(ada());
    const hash = plan.kind === 'agent' ? plan.hash : '';
    expect(await planned(ada({ discarded: hash }))).toEqual({ kind: 'keep' });
    expect(await planned(ada({ discarded: 'another' }))).toMatchObject({ kind: 'agent', hash });
  });

  it('and has no value that an agent needs is told each reason, and is no agent to others either', async () => {
    const nameless = ada({ person: { userName: '' } });
    expect(await planned(nameless)).toMatchObject({
      kind: 'invalid',
      problems: [{ field: 'emailId' }, { field: 'firstName' }, { field: 'lastName' }],
    });
    expect(await open().mapped(nameless, TERMS, [])).toBeUndefined();
    expect(await open().mapped(ada(OUT), TERMS, [])).toBeUndefined();
  });
});

describe('a name that is not in the catalogue', () => {
  const rules = [...demoTenant().rules, { name: 'new', set: { agentGroup: 'Brand New' } }];
  const agentGroups = [
    ...demoCatalogue.agentGroups,
    { id: 'ag-new', name: 'Brand New', isDefault: false, isUnassigned: false },
  ];
  const withStore = (catalogue: CatalogueStore) => planned(ada(), { tenant: { rules }, catalogue });

  it('is looked for in a newer one', async () => {
    const newer = read({ agentGroups, readAt: 1 });
    expect(await withStore(reading(read(), newer))).toMatchObject({
      kind: 'agent',
      payload: { agentGroupId: 'ag-new' },
      catalogue: { readAt: 1 },
    });
  });

  it.each<[string, Outcome<Catalogue> | Error]>([
    ['there is no newer one', read()],
    ['SmartAssist can not be asked', THROTTLED],
    ['there are no credentials to ask with', new SecretError('secret-missing', 'none')],
  ])('fails the person where %s: what is known has to do', async (_, newer) => {
    expect(await withStore(reading(read(), newer))).toMatchObject({
      kind: 'invalid',
      problems: [{ field: 'agentGroup', kind: 'unknown-name', rule: 'new' }],
    });
  });

  it('is not looked for while all names are there', async () => {
    expect(await planned(ada(), { catalogue: reading(read()) })).toMatchObject({ kind: 'agent' });
  });

  it('of a part that can not be read is no mistake of the person: it waits', async () => {
    const unread = { unread: { agentGroups: UNREAD } };
    const plan = await planned(ada(), { catalogue: reading(read({ agentGroups: [], ...unread })) });
    expect(plan).toMatchObject({ kind: 'unreadable', problems: [{ field: 'agentGroup' }] });
  });
});

describe('who is not to be an agent', () => {
  it.each<[string, Partial<PersonRecord>]>([
    ['out of service', OUT],
    ['deleted', GONE],
    ['deleted, and the agent as well', { ...GONE, agent: { customId: 'ada', presence: 'removed' } }],
  ])('and has none costs no call: %s', async (_, more) => {
    expect(await planned(ada(more), { catalogue: reading(new Error('not to be asked')) })).toEqual({
      kind: 'nothing',
    });
    expect(open().isNothing(ada(more), [])).toBe(true);
  });

  it.each<[string, Partial<PersonRecord>]>([
    ['there is one', active()],
    ['one is out of service', { agent: { customId: 'ada', presence: 'suspended' } }],
    ['a call of unknown outcome may have made one', UNSURE],
    ['a function that died midway may have made one', { lease: { holder: 'dead', until: 0 } }],
  ])('is put out of service where %s', async (_, more) => {
    expect(await planned(ada({ ...OUT, ...more }))).toEqual({
      kind: 'suspend',
      unassignedGroupId: UNASSIGNED,
    });
    expect(open().isNothing(ada({ ...OUT, ...more }), [])).toBe(false);
  });

  it('is known without a call only of those whom no rule wants, whatever their groups', () => {
    const tenant = { provisionWhen: 'groups.display eq "Agents"' };
    expect(open({ tenant }).isNothing(ada(), [])).toBe(true);
    expect(open({ tenant }).isNothing(ada(), [{ id: 'g1', display: 'Agents' }])).toBe(false);
  });

  it('keeps the agent where the tenant or an operator wants that', async () => {
    const out = ada({ ...OUT, ...active() });
    expect(await planned(out, { lifecycle: { onDeactivate: 'ignore' } })).toEqual({ kind: 'keep' });
    expect(await planned({ ...out, discarded: true })).toEqual({ kind: 'keep' });
    // Of a change that was discarded the leaving is another thing.
    expect(await planned({ ...out, discarded: 'hash' })).toMatchObject({ kind: 'suspend' });
    // What is kept of leavers is not kept of the deleted.
    const gone = ada({ ...GONE, ...active() });
    expect(await planned(gone, { lifecycle: { onDeactivate: 'ignore' } })).toMatchObject({ kind: 'suspend' });
  });

  it('loses the agent, and the user, where the tenant opted for that and the source deleted the person', async () => {
    const gone = ada({ ...GONE, ...active() });
    expect(await planned(gone, { lifecycle: { onDelete: 'remove' } })).toEqual({
      kind: 'remove',
      alsoUser: false,
    });
    expect(await planned(gone, { lifecycle: { onDelete: 'removeUser' } })).toEqual({
      kind: 'remove',
      alsoUser: true,
    });
    const out = ada({ ...OUT, ...active() });
    expect(await planned(out, { lifecycle: { onDelete: 'removeUser' } })).toMatchObject({ kind: 'suspend' });
  });

  it('was a connection test where the deletion follows the creation of the agent within the time for that', async () => {
    const lifecycle = { undoWithin: 600 };
    const undone = async (ms: number, more: object = GONE) =>
      (
        await planned(ada({ ...more, ...active({ createdAt: new Date(NOON - ms).toISOString() }) }), {
          lifecycle,
        })
      ).kind;
    expect(await undone(600_000 - 1)).toBe('undo');
    expect(await undone(600_000)).toBe('suspend');
    expect(await undone(1_000, OUT)).toBe('suspend');
    // An agent that was adopted was there before.
    expect((await planned(ada({ ...GONE, ...active() }))).kind).toBe('suspend');
  });

  it('stays in service, and fails, where SmartAssist has no group for those out of service', async () => {
    const out = ada({ ...OUT, ...active() });
    expect(await planned(out, { catalogue: reading(read(NO_UNASSIGNED)) })).toMatchObject({
      kind: 'invalid',
      problems: [{ field: 'agentGroup', message: expect.stringContaining('Unassigned') }],
    });
    const gone = ada({ ...GONE, ...active({ createdAt: new Date(NOON).toISOString() }) });
    expect(await planned(gone, { catalogue: reading(read(NO_UNASSIGNED)) })).toMatchObject({
      kind: 'invalid',
    });
  });

  it('waits where the groups can not be read', async () => {
    const catalogue = reading(read({ ...NO_UNASSIGNED, unread: { agentGroups: UNREAD } }));
    expect(await planned(ada({ ...OUT, ...active() }), { catalogue })).toEqual({
      kind: 'unreadable',
      problems: [{ field: 'agentGroup', message: UNREAD.reason }],
    });
    const others = reading(read({ ...NO_UNASSIGNED, unread: { skills: UNREAD } }));
    expect((await planned(ada({ ...OUT, ...active() }), { catalogue: others })).kind).toBe('invalid');
  });
});

describe('without a catalogue', () => {
  const secret = new SecretError('secret-missing', 'there is none');
  it.each<[string, Outcome<Catalogue> | Error, unknown]>([
    ['SmartAssist throttles', THROTTLED, THROTTLED],
    ['there are no credentials', secret, secret],
  ])('nobody is refused: %s', async (_, answer, failure) => {
    const catalogue = reading(answer);
    expect(await planned(ada(), { catalogue })).toEqual({ kind: 'unavailable', failure });
    expect(await planned(ada({ ...OUT, ...active() }), { catalogue })).toEqual({
      kind: 'unavailable',
      failure,
    });
  });

  it('a fault of our own is not taken for that', async () => {
    const catalogue = reading(new Error('the table is away'));
    await expect(planned(ada(), { catalogue })).rejects.toThrow('the table is away');
  });
});
