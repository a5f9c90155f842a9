import { describe, expect, it } from 'vitest';
import { bothValues, driftValuesOf, namesOf } from '../../functions/reconcile/agent-values.ts';
import type { AgentRecord } from '../../functions/smartassist/agent.ts';
import { demoCatalogue } from '../mapping/demo.ts';

const idOf = (part: 'agentGroups' | 'queues' | 'roles' | 'skills', wanted: string) => {
  const found = demoCatalogue[part].find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`the catalogue has no ${wanted}`);
  return found.id;
};
const skillId = idOf('skills', 'Invoices');
const [billing, vip] = [idOf('queues', 'Billing'), idOf('queues', 'VIP')];
const [sales, unassigned] = [idOf('agentGroups', 'Sales'), idOf('agentGroups', 'Unassigned')];

/** How a field reads where the agent holds this. */
function theirs(field: string, value: unknown, catalogue: typeof demoCatalogue | undefined = demoCatalogue) {
  return bothValues({ id: 'a-1', [field]: value }, {}, field, namesOf(catalogue)).theirs;
}

/** How a finding keeps what the agent holds in a field. */
function kept(field: string, value: unknown) {
  const [both] = driftValuesOf({ id: 'a-1', [field]: value }, {}, [field], demoCatalogue).values;
  return both?.theirs;
}

describe('a value of an agent, as an operator reads it', () => {
  it.each<[string, string, unknown, string]>([
    ['a text as it is', 'lastName', 'Lovelace', 'Lovelace'],
    ['a switch as on', 'canSupportChat', true, 'true'],
    ['a switch as off', 'canSupportChat', false, 'false'],
    ['a number, none too', 'maxChatSupport', 0, '0'],
    ['a field that is absent as a dash', 'nickName', undefined, '—'],
    ['a field that is null as a dash', 'nickName', null, '—'],
    ['an empty field as a dash', 'nickName', '', '—'],
    ['an empty list as none', 'queues', [], '(none)'],
    ['a role by its name', 'roleId', idOf('roles', 'Supervisor'), 'Supervisor'],
    ['a queue by its name', 'queues', [{ id: billing }], 'Billing'],
    ['each entry of a list', 'queues', [{ id: billing }, { id: vip }], 'Billing, VIP'],
    ['a queue that the agent prefers', 'queues', [{ id: vip, isPreferredAgent: true }], 'VIP preferred'],
    ['a queue that it does not prefer', 'queues', [{ id: vip, isPreferredAgent: false }], 'VIP'],
    [
      'a skill with its group and how well it is known',
      'skills',
      [{ skillId, proficiencyLevel: 'expert' }],
      'Billing/Invoices expert',
    ],
    [
      'a language with how well it is known',
      'chatLanguageSupport',
      [{ language: 'de', proficiency: 'good', isActive: true }],
      'de good',
    ],
    [
      'a language that is switched off',
      'chatLanguageSupport',
      [{ language: 'de', proficiency: 'good', isActive: false }],
      'de good inactive',
    ],
    ['the layout that is the default', 'desktopLayouts', [{ id: 'ly-1', isDefault: true }], 'ly-1 default'],
    ['a further layout', 'desktopLayouts', [{ id: 'ly-1', isDefault: false }], 'ly-1'],
    ['what has no name in SmartAssist by its id', 'roleId', 'r-unknown', 'r-unknown'],
  ])('shows %s', (_, field, value, text) => {
    expect(theirs(field, value)).toBe(text);
  });

  it.each([
    ['the list of agents has the id of the skill again', skillId],
    ['a single record has the id of the assignment', '64f0c1d2e3a4b5c6d7e8f901'],
  ])('shows a skill once, where %s', (_, id) => {
    const entry = { skillId, id, proficiencyLevel: 'expert', createdBy: 'u-1', skillGroupColor: '#ABCDEF' };
    expect(theirs('skills', [entry])).toBe('Billing/Invoices expert');
  });

  it('shows all groups that the agent is in, beside the one that it should be in', () => {
    const agentGroups = [sales, unassigned].map((groupId) => ({ groupId, role: 'agent', groupName: 'x' }));
    const record = { id: 'a-1', agentGroups };
    expect(bothValues(record, { agentGroupId: unassigned }, 'agentGroupId', namesOf(demoCatalogue))).toEqual({
      field: 'agentGroupId',
      ours: 'Unassigned',
      theirs: 'Sales, Unassigned',
    });
  });

  it('shows ids where no names have been read yet', () => {
    const name = namesOf(undefined);
    expect(bothValues({ id: 'a-1', roleId: 'r-1' }, { roleId: 'r-2' }, 'roleId', name)).toEqual({
      field: 'roleId',
      ours: 'r-2',
      theirs: 'r-1',
    });
  });
});

describe('what a finding keeps of a changed agent', () => {
  const record = (more: object): AgentRecord => ({ id: 'a-1', ...more });

  it('is both values of each field', () => {
    const values = driftValuesOf(
      record({ lastName: 'Changed', roleId: idOf('roles', 'Admin') }),
      { lastName: 'Example', roleId: idOf('roles', 'Agent') },
      ['lastName', 'roleId'],
      demoCatalogue,
    );
    expect(values).toEqual({
      values: [
        { field: 'lastName', ours: 'Example', theirs: 'Changed' },
        { field: 'roleId', ours: 'Agent', theirs: 'Admin' },
      ],
    });
  });

  it('is five fields at most', () => {
    const fields = ['firstName', 'lastName', 'nickName', 'roleId', 'skills', 'queues'];
    const { values } = driftValuesOf(record({}), {}, fields, demoCatalogue);
    expect(values.map(({ field }) => field)).toEqual(fields.slice(0, 5));
  });

  it.each([
    ['80 characters whole', 'x'.repeat(80), 'x'.repeat(80)],
    ['more than 80 cut to 80', 'x'.repeat(81), `${'x'.repeat(79)}…`],
    ['a character of two units not cut in half', `${'x'.repeat(78)}😀x`, `${'x'.repeat(78)}\ufffd…`],
  ])('is of a value %s', (_, value, text) => {
    expect(kept('lastName', value)).toBe(text);
  });

  it.each([
    ['4930123456', '(10 digits, …56)'],
    ['123', '(3 digits, …23)'],
    ['12', '12'],
    ['', '—'],
  ])('is of the telephone number %j: %s', (value, text) => {
    expect(kept('phoneNumber', value)).toBe(text);
  });

  it.each([
    ['Call +49 (0)30 12.34-56 now', 'Call (11 digits, …56) now'],
    ['Call 030/1234567 now', 'Call (10 digits, …67) now'],
    ['030 1234567 or 030 7654321', '(10 digits, …67) or (10 digits, …21)'],
    ['Room 1234567', 'Room 1234567'],
  ])('shows no telephone number that stands within another text: %s', (value, text) => {
    expect(kept('nickName', value)).toBe(text);
    expect(kept('fieldOfTheAccountsOwn', value)).toBe(text);
  });

  it.each<[string, unknown, object]>([
    ['as SmartAssist says it', '2026-11-23T11:00:00.000Z', { updatedAt: '2026-11-23T11:00:00.000Z' }],
    ['not where it does not say it', undefined, {}],
    ['not where it says no time', 1_795_428_000_000, {}],
    [
      'no longer than a time is',
      `2026-11-23T11:00:00.000Z${'0'.repeat(90)}`,
      {
        updatedAt: '2026-11-23T11:00:00.000Z000000',
      },
    ],
  ])('is when the agent was changed last: %s', (_, updatedAt, shown) => {
    const { values, ...rest } = driftValuesOf(record({ updatedAt }), {}, [], undefined);
    expect(values).toEqual([]);
    expect(rest).toEqual(shown);
  });
});
