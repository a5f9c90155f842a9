import { describe, expect, it } from 'vitest';
import {
  type AgentRecord,
  agentRecord,
  agentsByCustomId,
  differences,
  groupsOf,
  managedFieldsOf,
  merge,
} from '../../functions/smartassist/agent.ts';
import { agentPage } from '../../functions/smartassist/agent-list.ts';
import { AGENT_FIELDS, type Shape as Column, type FieldRow } from '../../functions/smartassist/fields.ts';
import { namedPage, nameOf } from '../../functions/smartassist/named-page.ts';
import { payloadSchema } from '../../functions/smartassist/payload.ts';
import { fieldsIn } from '../../functions/smartassist/record-fields.ts';
import { OPERATIONS } from '../../local/simulator/route.ts';
import { bench } from '../local/simulator-bench.ts';
import { DOCUMENTED, differencesFrom, documented, fieldsOf, sampleOf } from './documented.ts';

/** An agent with something in every list: an account owner, manager of one group beside the one it works in. */
async function staffed() {
  const made = bench({ profile: 'ai-for-service' });
  const { ids, simulator, person, call } = made;
  const english = [{ language: 'en', proficiency: 'good', isActive: true }];
  const body = person({
    nickName: 'Countess',
    customId: '1111',
    roleId: ids.role('Agent'),
    canSupportVoice: true,
    chatLanguageSupport: english,
    voiceLanguageSupport: english,
    queues: [{ id: ids.queue('VIP'), isPreferredAgent: true }],
    maxChatSupport: 4,
    createDefaultLayoutAndAssign: true,
  });
  const created = await call('POST /agents', body);
  const id = simulator.agents()[0]?.id ?? '';
  simulator.editAgent(id, {
    agentGroups: [
      { groupId: ids.group('Billing'), role: 'agent' },
      { groupId: ids.group('Sales'), role: 'manager', accessLevel: 'view' },
    ],
  });
  return { ...made, created, id };
}

const ANSWERS: Readonly<
  Record<(typeof OPERATIONS)[number], (of: Awaited<ReturnType<typeof staffed>>) => string>
> = {
  'POST /agents': () => '',
  'GET /agents/{agentId}': ({ id }) => `GET /agents/${id}`,
  'PUT /agents/{agentId}': ({ id }) => `PUT /agents/${id}`,
  'DELETE /agents/{agentId}': ({ id }) => `DELETE /agents/${id}`,
  'GET /agents/customId/{customId}': () => 'GET /agents/customId/1111',
  'POST /agents/availability': () => 'POST /agents/availability',
  'GET /organizations/{orgId}/agents': ({ simulator }) =>
    `GET /organizations/${simulator.orgId}/agents?page=1&includeQueues=True`,
  'GET /analytics/account/{accountId}/agents': ({ simulator }) =>
    `GET /agentassist/api/public/analytics/account/${simulator.accountId}/agents?offset=0&limit=5`,
  'GET /agent-groups': () => 'GET /agent-groups',
  'GET /agent-groups/{id}': ({ ids }) => `GET /agent-groups/${ids.group('Sales')}`,
  'GET /skill-groups': () => 'GET /skill-groups',
  'GET /skill-groups/{id}/skills': ({ ids }) => `GET /skill-groups/${ids.skillGroup('Billing')}/skills`,
  'GET /queues': () => 'GET /queues',
  'GET /roles': () => 'GET /api/public/roles?roleType=bot&limit=50',
  'DELETE /users': () => 'DELETE /api/public/users',
};

const terms = { streamId: 'st-1', groups: 'managed', custom: [] } as const;

describe('the simulator', () => {
  it('knows the operations whose shapes stand in the fixture, each with its page', () => {
    expect(DOCUMENTED.map(({ operation }) => operation).toSorted()).toEqual([...OPERATIONS].toSorted());
    for (const { page } of DOCUMENTED) expect(page).toMatch(/^ai-for-service\/apis\/.*\.mdx$/);
  });

  it.each(OPERATIONS)('answers %s in the documented shape', async (operation) => {
    const made = await staffed();
    const read = (await made.call(`GET /agents/${made.id}`)).body as unknown as AgentRecord;
    const body = operation.startsWith('PUT')
      ? merge(read, {}, terms)
      : operation.includes('availability')
        ? {}
        : operation === 'DELETE /users'
          ? { deleteEmailIds: [read.emailId] }
          : undefined;
    const { status, body: answer } =
      operation === 'POST /agents' ? made.created : await made.call(ANSWERS[operation](made), body);
    expect(status).toBe(200);
    expect(differencesFrom(documented(operation).response, answer)).toEqual([]);
  });

  it('lists queues only where they are asked for', async () => {
    const made = await staffed();
    const { body } = await made.call(`GET /organizations/${made.simulator.orgId}/agents`);
    expect(differencesFrom(documented('GET /organizations/{orgId}/agents').response, body)).toEqual([
      'answer.results[0].queues: lacks',
    ]);
  });

  it('takes a create and an update of the documented fields, each of them', async () => {
    const made = await staffed();
    const request = (operation: string) => Object.keys(documented(operation).request ?? {});
    const text = (name: string) =>
      ({ ...made.person(), roleId: made.ids.role('Agent'), nickName: 'x' })[name];
    const lists = { queues: [], desktopLayouts: [], voiceLanguageSupport: [] } as Record<string, unknown>;
    const more = {
      canSupportVoice: false,
      maxChatSupport: 3,
      customId: '2222',
      createDefaultLayoutAndAssign: true,
    };
    const whole = Object.fromEntries(
      request('POST /agents').map((name) => [name, { ...lists, ...more }[name] ?? text(name)]),
    );
    expect(Object.values(whole)).not.toContain(undefined);
    expect((await made.call('POST /agents', { ...whole, emailId: 'b@example.com' })).status).toBe(200);
    const read = (await made.call('GET /agents/customId/1111')).body as unknown as [AgentRecord];
    const update = merge({ ...read[0], canSupportVoiceMail: false, dAgentGroups: [] }, {}, terms);
    expect(Object.keys(update).toSorted()).toEqual(request('PUT /agents/{agentId}').toSorted());
    expect((await made.call(`PUT /agents/${made.id}`, update)).status).toBe(200);
  });
});

describe('the table of agent fields', () => {
  it.each([
    ['get', 'GET /agents/{agentId}'],
    ['customId', 'GET /agents/customId/{customId}'],
    ['list', 'GET /organizations/{orgId}/agents'],
    ['created', 'POST /agents'],
    ['updated', 'PUT /agents/{agentId}'],
    ['deleted', 'DELETE /agents/{agentId}'],
  ] as const)('has the fields of %s as its page has them', (column, operation) => {
    expect(fieldsIn(column).toSorted()).toEqual(fieldsOf(documented(operation).response).toSorted());
  });

  it.each([
    ['create', 'POST /agents'],
    ['update', 'PUT /agents/{agentId}'],
  ] as const)('has the fields of a request to %s as its page has them', (column: Column, operation) => {
    expect(fieldsIn(column).toSorted()).toEqual(Object.keys(documented(operation).request ?? {}).toSorted());
  });

  it('requires what a create requires', () => {
    const { request = {} } = documented('POST /agents');
    const schema = payloadSchema('ai-for-service');
    const missing = Object.keys(request).filter((field) => request[field]?.required);
    const { error } = schema.safeParse({});
    const asked = error?.issues.map(({ path }) => path[0]);
    for (const field of missing) expect(asked).toContain(field);
    expect(Object.entries<FieldRow>(AGENT_FIELDS).filter(([field]) => missing.includes(field))).toHaveLength(
      missing.length,
    );
  });
});

describe('the schemas', () => {
  const record = (operation: string) => agentRecord().parse(sampleOf(documented(operation).response));

  it.each(['GET /agents/{agentId}', 'PUT /agents/{agentId}', 'DELETE /agents/{agentId}'])(
    'read the answer to %s, groups and all',
    (operation) => {
      const read = record(operation);
      expect(groupsOf(read)).toEqual([{ groupId: 'some groupId', role: 'some role' }]);
    },
  );

  it('read the look-up by Custom ID', () => {
    const [found] = agentsByCustomId().parse(
      sampleOf(documented('GET /agents/customId/{customId}').response),
    );
    expect(found).toMatchObject({ id: 'a-1', customId: 'some customId' });
  });

  it.each([false, true])('read the list of agents, without what may lack: %s', (few) => {
    const page = agentPage().parse(sampleOf(documented('GET /organizations/{orgId}/agents').response, few));
    expect(page.results).toMatchObject([{ id: 'a-1', emailId: 'ada@example.com' }]);
    expect(page.results[0]).not.toHaveProperty('customId');
    expect(page.results[0]?.queues).toMatchObject([{ id: 'a-1', isPreferredAgent: true }]);
  });

  it.each([
    'GET /agent-groups',
    'GET /skill-groups',
    'GET /skill-groups/{id}/skills',
    'GET /queues',
    'GET /roles',
  ])('read the names of %s', (operation) => {
    const { results } = namedPage().parse(sampleOf(documented(operation).response));
    expect(results.map(nameOf)).toEqual([operation === 'GET /roles' ? 'some role' : 'some name']);
  });

  it('take an agent that was just made for what it should be, whichever answer shows it', async () => {
    const made = await staffed();
    const { maxChatSupport: _created, ...wanted } = managedFieldsOf({
      ...made.person(),
      canSupportVoice: true,
      chatLanguageSupport: [{ language: 'en', proficiency: 'good' }],
      voiceLanguageSupport: [{ language: 'en', proficiency: 'good' }],
      queues: [{ id: made.ids.queue('VIP'), isPreferredAgent: true }],
      maxChatSupport: 9,
    } as never);
    const single = (await made.call(`GET /agents/${made.id}`)).body as unknown as AgentRecord;
    const [keyed] = (await made.call('GET /agents/customId/1111')).body as unknown as [AgentRecord];
    const list = (await made.call(ANSWERS['GET /organizations/{orgId}/agents'](made))).body;
    const [listed] = agentPage().parse(list).results;
    for (const shown of [single, keyed, listed])
      expect(differences(shown as AgentRecord, wanted)).toEqual([]);
  });
});
