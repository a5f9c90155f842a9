import { beforeEach, describe, expect, it } from 'vitest';
import { mayReadWorkforce } from '../../functions/provision/agent/workforce-scope.ts';
import { findByEmail, findById } from '../../functions/provision/agent-index.ts';
import type { Services } from '../../functions/provision/services.ts';
import type { TenantProvisioning } from '../../functions/provision/tenant.ts';
import { readAgents } from '../../functions/reconcile/agent-pages.ts';
import { newReconciliation, type Reconciliation } from '../../functions/reconcile/report.ts';
import { readWorkforce } from '../../functions/reconcile/workforce.ts';
import type { AgentRecord } from '../../functions/smartassist/agent.ts';
import type { CallTerms, SmartAssistClient } from '../../functions/smartassist/client.ts';
import { aPerson } from '../contract/directory.ts';
import { type ProvisionBench, provisionBench } from '../provision/bench.ts';

const MINUTE_MS = 60_000;

let bench: ProvisionBench;
beforeEach(() => {
  bench = provisionBench();
});

const startedAt = () => new Date(bench.clock.now()).toISOString();
const begun = (more: Partial<Reconciliation> = {}) => ({ ...newReconciliation(startedAt()), ...more });
const withClient = (client: Partial<SmartAssistClient>): TenantProvisioning => ({
  ...bench.provisioning,
  client: { ...bench.provisioning.client, ...client },
});
/** Services of a tenant that has so many agents in service. */
const withActive = (count: number): Services => ({
  ...bench.services,
  directory: { ...bench.directory, countActiveAgents: async () => count },
});

/** Persons with agents of the ids given. */
async function holding(agentIds: readonly string[], tenant = 'demo'): Promise<void> {
  const { account } = bench.provisioning;
  for (const agentId of agentIds) {
    const agent = { customId: agentId, presence: 'active', agentId, account } as const;
    await bench.directory.createPerson(aPerson(tenant, `of-${agentId}`, { agent }));
  }
}

const idsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => `a-${String(first + index).padStart(4, '0')}`);

describe('a page of agents', () => {
  /** What a page comes to that shows these agents and says this of further ones. */
  async function read(
    agents: readonly AgentRecord[],
    {
      from = begun(),
      totalPages,
      hasMore = true,
      active = 0,
    }: { from?: Reconciliation; totalPages?: number; hasMore?: boolean; active?: number } = {},
  ): Promise<Reconciliation> {
    const value = { results: agents, totalPages, mayHaveMore: () => hasMore };
    const provisioning = withClient({ listAgents: async () => ({ outcome: 'ok', value }) });
    const until = bench.clock.now() + 60 * MINUTE_MS;
    const after = await readAgents(provisioning, withActive(active), from, 'o-1', until);
    if (typeof after === 'string') throw new Error(after);
    return after;
  }
  const agents = [{ id: 'a-1', emailId: 'one@else.example' }, { id: 'a-2' }];

  it('is followed by the next one as long as there may be more', async () => {
    const first = await read(agents, { totalPages: 3 });
    expect(first).toMatchObject({ phase: 'agents', page: 2, pages: 3, agents: 2, foreigners: 2 });
    expect(await read([{ id: 'a-3' }], { from: first, hasMore: false })).toMatchObject({
      phase: 'persons',
      agents: 3,
      foreigners: 3,
    });
  });

  it('ends the reading when it comes a second time, and nothing of it counts again', async () => {
    const first = await read(agents);
    expect(await read(agents, { from: first })).toMatchObject({ phase: 'persons', agents: 2, foreigners: 2 });
  });

  it.each([
    ['other agents with the same letters', [{ id: 'a-1a' }, { id: '-2' }], [{ id: 'a-1' }, { id: 'a-2' }]],
    ['none that can be read, as the one before', [], []],
  ])('is no repetition of one that has %s', async (_, before, after) => {
    const first = await read(before);
    expect(await read(after, { from: first })).toMatchObject({ phase: 'agents', page: 3 });
  });

  it('leaves behind which agents there are', async () => {
    const from = begun();
    await read(agents, { from });
    const seen = { agentId: 'a-1', census: from.startedAt };
    expect(await findById(bench.directory, 'demo', 'a-1')).toEqual(seen);
    expect(await findByEmail(bench.directory, 'demo', 'ONE@else.example')).toEqual(seen);
  });

  it('is asked for behind joiners, until the end of the time and no longer than a minute and a half', async () => {
    const asked: CallTerms[] = [];
    const listAgents: SmartAssistClient['listAgents'] = async (_orgId, _page, terms) => {
      asked.push(terms);
      return { outcome: 'unreachable', message: '' };
    };
    const now = bench.clock.now();
    for (const left of [20_000, 30 * MINUTE_MS])
      await readAgents(withClient({ listAgents }), bench.services, begun(), 'o-1', now + left);
    expect(asked).toEqual([
      { urgency: 'backfill', deadline: now + 20_000 },
      { urgency: 'backfill', deadline: now + 90_000 },
    ]);
  });

  it.each([
    ['101 pages', 101, 0, true],
    ['100 pages', 100, 0, false],
    ['1,001 agents in service, whatever it says of pages', 1, 1_001, true],
    ['1,001 agents in service, and it says nothing of pages', undefined, 1_001, true],
    ['1,000 agents in service, and it says nothing of pages', undefined, 1_000, false],
  ])(
    'that is the first of %s: the shorter list is asked next: %s %s %s',
    async (_, pages, active, isLong) => {
      const facts = pages === undefined ? {} : { totalPages: pages };
      const after = await read(agents, { ...facts, active });
      if (isLong) expect(after).toMatchObject({ page: 1, offset: 0 });
      else expect(after).toMatchObject({ page: 2 });
      if (!isLong) expect(after).not.toHaveProperty('offset');
    },
  );

  it.each([
    ['a later one', { page: 7, until: 9 }, true, { page: 8 }],
    ['the first one, behind which nothing is', {}, false, { phase: 'persons' }],
  ])('does not lead to the shorter list where it is %s', async (_, at, hasMore, then) => {
    const after = await read(agents, { from: begun(at), totalPages: 150, active: 1_500, hasMore });
    expect(after).toMatchObject(then);
    expect(after).not.toHaveProperty('offset');
  });

  it('that is the last one of a night is the end, and the next night goes on behind it', async () => {
    const from = begun({ page: 7, until: 7, agents: 900, foreigners: 1, foreign: ['a-9'] });
    const after = await read(agents, { from });
    // Which agents are nobody’s, the list of ids has told.
    expect(after).toMatchObject({ phase: 'persons', nextPage: 8, agents: 900, foreign: ['a-9'] });
    expect(after).not.toHaveProperty('until');
    expect(after).not.toHaveProperty('foreignAddresses');
    expect(await read(agents, { from, hasMore: false })).toMatchObject({ phase: 'persons', nextPage: 2 });
  });

  it('keeps what the list of ids told of agents of nobody', async () => {
    const told = { foreignAddresses: { 'a-9': 'nine@else.example' }, ignoredForeigners: 4 };
    expect(await read(agents, { from: begun({ page: 7, until: 9, ...told }) })).toMatchObject(told);
  });
});

describe('the pages that a night reads after the list of ids', () => {
  const night = async (more: Partial<Reconciliation>) => {
    const provisioning = withClient({ listWorkforce: async () => ({ outcome: 'ok', value: [] }) });
    const from = begun({ offset: 500, firstId: 'a-1', held: 500, ...more });
    return readAgents(provisioning, bench.services, from, 'o-1', bench.clock.now() + MINUTE_MS);
  };

  it.each([
    ['a hundred behind the first one', { pages: 150 }, 2, 101],
    ['from where the last night stopped', { pages: 150, nextPage: 102 }, 102, 201],
    ['the very last one, too', { pages: 150, nextPage: 150 }, 150, 249],
    ['from the second one where the last night came to the end', { pages: 150, nextPage: 151 }, 2, 101],
    ['a seventh of very many', { pages: 1_400, nextPage: 300 }, 300, 499],
    ['a hundred where no page said how many there are', {}, 2, 101],
  ])('are %s', async (_, more, page, until) => {
    const after = await night(more);
    expect(after).toMatchObject({ page, until });
    for (const past of ['offset', 'firstId', 'held']) expect(after).not.toHaveProperty(past);
  });
});

it('a list of ids is gone on with until all of it has been read', async () => {
  const value = idsFrom(1, 3).map((id) => ({ id, firstName: '', lastName: '' }));
  await holding(idsFrom(1, 3));
  const provisioning = withClient({ listWorkforce: async () => ({ outcome: 'ok', value }) });
  const until = bench.clock.now() + MINUTE_MS;
  const after = await readAgents(provisioning, bench.services, begun({ offset: 500 }), 'o-1', until);
  expect(after).toMatchObject({ phase: 'agents', page: 1, offset: 503 });
  expect(after).not.toHaveProperty('until');
});

describe('a list of ids that proves of no use', () => {
  const unusable = (more: Partial<Reconciliation>) => {
    const failure = { outcome: 'refused', status: 403, message: '' } as const;
    const provisioning = withClient({ listWorkforce: async () => failure });
    const until = bench.clock.now() + MINUTE_MS;
    return readAgents(provisioning, bench.services, begun(more), 'o-1', until);
  };

  it('at once: all pages are read behind the first one, and it is not asked for again for a week', async () => {
    const after = await unusable({ offset: 0, agents: 10, pages: 150 });
    expect(after).toMatchObject({ page: 2, agents: 10, pages: 150 });
    expect(after).not.toHaveProperty('offset');
    expect(await mayReadWorkforce(bench.services, 'demo')).toBe(false);
    bench.clock.advance(7 * 24 * 60 * MINUTE_MS);
    expect(await mayReadWorkforce(bench.services, 'demo')).toBe(true);
  });

  it('midway: all pages are read from the first one on, and its agents of nobody count no more', async () => {
    const lease = { holder: 'f-1', until: bench.clock.now() + MINUTE_MS };
    const drift = [{ personId: 'p-1', fields: ['lastName'], theirs: 'digest' }];
    const kept = { learned: 2, adopted: 1, drift, drifted: 1, pages: 150, nextPage: 102, lease };
    const found = { agents: 510, held: 500, firstId: 'a-1', foreign: ['a-9'], foreigners: 1, lastIds: 'a-1' };
    const startedAt = '2026-11-23T02:00:00.000Z';
    expect(await unusable({ ...kept, ...found, offset: 500, startedAt })).toEqual({
      ...newReconciliation(startedAt),
      ...kept,
    });
  });

  it('for now: it is asked for again later, and nothing is lost', async () => {
    const listWorkforce = async () => ({ outcome: 'unreachable', message: '' }) as const;
    const until = bench.clock.now() + MINUTE_MS;
    const from = begun({ offset: 500 });
    const after = await readAgents(withClient({ listWorkforce }), bench.services, from, 'o-1', until);
    expect(after).toEqual(expect.stringContaining('unreachable'));
    expect(await mayReadWorkforce(bench.services, 'demo')).toBe(true);
  });

  it('is asked for behind joiners, from where it stopped, and no longer than there is time', async () => {
    const asked: object[] = [];
    const listWorkforce: SmartAssistClient['listWorkforce'] = async ({ offset }, terms) => {
      asked.push({ offset, ...terms });
      return { outcome: 'unreachable', message: '' };
    };
    const now = bench.clock.now();
    for (const left of [20_000, 30 * MINUTE_MS]) {
      const from = begun({ offset: 500 });
      await readAgents(withClient({ listWorkforce }), bench.services, from, 'o-1', now + left);
    }
    expect(asked).toEqual([
      { offset: 500, urgency: 'backfill', deadline: now + 20_000 },
      { offset: 500, urgency: 'backfill', deadline: now + 90_000 },
    ]);
  });
});

describe('a page of the list for workforce management', () => {
  type Availability = Awaited<ReturnType<SmartAssistClient['readAvailability']>>;
  const addresses: string[][] = [];
  beforeEach(() => addresses.splice(0));

  /** What a page of these ids comes to; an agent that no person holds has an address made of its id. */
  function read(
    ids: readonly string[],
    {
      from = begun({ offset: 0 }),
      answer,
      services = bench.services,
    }: { from?: Reconciliation; answer?: Availability; services?: Services } = {},
  ) {
    const value = ids.map((id) => ({ id, firstName: '', lastName: '' }));
    const provisioning = withClient({
      listWorkforce: async () => ({ outcome: 'ok', value }),
      readAvailability: async (some) => {
        addresses.push([...some]);
        const told = some.map((id) => ({ id, emailId: `${id}@else.example`, customId: '' }));
        return answer ?? { outcome: 'ok', value: told };
      },
    });
    return readWorkforce(provisioning, services, from, {
      urgency: 'backfill',
      deadline: bench.clock.now() + MINUTE_MS,
    });
  }

  it('shows those that persons hold, of whom no address is asked for', async () => {
    await holding(['a-1', 'a-2']);
    await holding(['a-3'], 'second');
    const from = begun({ offset: 500, held: 490, agents: 500 });
    expect(await read(['a-1', 'a-2', 'a-3'], { from })).toMatchObject({
      outcome: 'read',
      isLast: false,
      // Of another tenant of the account is one of them.
      reconciliation: { agents: 503, held: 492, offset: 503, firstId: 'a-1', foreigners: 0 },
    });
    expect(addresses).toEqual([]);
  });

  it('counts the agents of the page that was read before it as held', async () => {
    await holding(['a-11']);
    const from = begun({ offset: 0, agents: 10, lastIds: idsFrom(1, 10).join(' ') });
    expect(await read(['a-11'], { from })).toMatchObject({ reconciliation: { agents: 11, held: 11 } });
  });

  it('has the addresses of all others asked for, a hundred a call', async () => {
    const ids = idsFrom(1, 201);
    const page = await read(ids);
    expect(addresses.map(({ length }) => length)).toEqual([100, 100, 1]);
    expect(addresses.flat()).toEqual(ids);
    expect(page).toMatchObject({ reconciliation: { agents: 201, foreigners: 201, foreign: ids } });
    expect(await findByEmail(bench.directory, 'demo', 'a-0201@else.example')).toMatchObject({
      agentId: 'a-0201',
    });
  });

  it('takes an agent whose address is not told for one of nobody', async () => {
    const page = await read(['a-1'], { answer: { outcome: 'ok', value: [] } });
    expect(page).toMatchObject({ reconciliation: { foreign: ['a-1'], agents: 1 } });
    expect(page).not.toHaveProperty('reconciliation.foreignAddresses');
  });

  it('counts an agent once that it shows a second time', async () => {
    const from = begun({ offset: 0 });
    const first = await read(['a-1', 'a-2'], { from });
    if (first.outcome !== 'read') throw new Error(first.outcome);
    expect(await read(['a-2', 'a-3'], { from: first.reconciliation })).toMatchObject({
      reconciliation: { agents: 3, foreign: ['a-1', 'a-2', 'a-3'], offset: 4 },
    });
  });

  it.each<[string, Availability, object]>([
    ['refused', { outcome: 'refused', status: 403, message: '' }, { outcome: 'unusable' }],
    ['not there', { outcome: 'not-found' }, { outcome: 'unusable' }],
    ['not allowed', { outcome: 'unauthorized', message: '' }, { outcome: 'unusable' }],
    ['not answered', { outcome: 'unreachable', message: '' }, { outcome: 'failed' }],
  ])('is of no use, or is read again later, where addresses are %s', async (_, answer, outcome) => {
    expect(await read(['a-1'], { answer })).toMatchObject(outcome);
  });

  it.each([
    ['nothing is on it', []],
    ['it begins as the one before', ['a-1', 'a-2']],
  ])('is the last one where %s', async (_, ids) => {
    const from = begun({ offset: 500, firstId: 'a-1', agents: 500, held: 500 });
    expect(await read(ids, { from })).toEqual({ outcome: 'read', reconciliation: from, isLast: true });
  });

  it.each([
    ['20 of a few', 100, 80, 0, true],
    ['more than 20 of a few', 100, 79, 0, false],
    ['21 of a few, one of which was learned meanwhile', 100, 79, 1, true],
    ['a twentieth of many', 1_000, 950, 0, true],
    ['more than a twentieth of many', 1_000, 949, 0, false],
  ])(
    'is the last of all agents although it lacks %s: %i %i %i %s',
    async (_, active, held, learned, isWhole) => {
      const from = begun({ offset: 500, held, learned });
      expect(await read([], { from, services: withActive(active) })).toMatchObject(
        isWhole ? { outcome: 'read', isLast: true } : { outcome: 'unusable' },
      );
    },
  );
});
