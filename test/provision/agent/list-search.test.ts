import { describe, expect, it } from 'vitest';
import { findInList } from '../../../functions/provision/agent/list-search.ts';
import { portsOf } from '../../../functions/provision/agent/open-ports.ts';
import type { Ports } from '../../../functions/provision/agent/ports.ts';
import type { BehaviourInput } from '../../../local/simulator/behaviour.ts';
import { type Begun, beginAttempt, loseLease, recordOf, store, unkeyed, withAgent } from './attempt.ts';

const ADA = 'ada@example.com';
const SOUGHT = new Set([ADA]);
const WORKFORCE = 'GET /analytics/account/{accountId}/agents';
const LIST = 'GET /organizations/{orgId}/agents';
const FACTS = ['true', 'contradicting', 'missing'] as const;

/** An attempt at ada, whose agent is looked for; `pages` are those that were asked for, in order. */
async function searching(behaviour: BehaviourInput = {}) {
  const begun = await beginAttempt(recordOf('ada'), { behaviour, tenant: unkeyed() });
  const { simulator } = begun.bench;
  const pages: number[] = [];
  const noting = (ports: Ports): Ports => ({
    ...ports,
    client: {
      ...ports.client,
      listAgents: (orgId, page, terms) => {
        pages.push(page);
        return ports.client.listAgents(orgId, page, terms);
      },
    },
  });
  const seed = (count: number) => {
    for (let number = 0; number < count; number += 1) simulator.seedAgent({ lastName: `Old ${number}` });
  };
  return {
    ...begun,
    ports: noting(begun.ports),
    pages,
    seed,
    /** Seeds ada's agent. */
    made: (changes: object = {}) =>
      simulator.seedAgent({
        emailId: 'Ada@Example.com',
        firstName: 'ada',
        lastName: 'Example',
        customId: 'customer-1',
        ...changes,
      }),
    fails: (on: string, kind: 'drop-before' | 'status', times = 1) =>
      simulator.setBehaviour({
        ...behaviour,
        faults: [{ on: on as typeof LIST, kind, times, ...(kind === 'status' ? { status: 400 } : {}) }],
      }),
    /** The next attempt, which begins with what the directory has. */
    next: () => {
      pages.length = 0;
      return noting(portsOf(begun.bench.provisioning, begun.bench.services, begun.holding));
    },
    calls: (operation: string) => simulator.calls()[operation as typeof LIST] ?? 0,
  };
}

const find = ({ ports, terms }: Pick<Begun, 'ports' | 'terms'>) => findInList(ports, SOUGHT, terms);

describe('an agent in the list of all agents', () => {
  it.each(FACTS.flatMap((listFacts) => [0, 12, 20, 34].map((before) => [listFacts, before] as const)))(
    'is found wherever it stands, and is the person’s from then on; facts of pages: %s, behind %i others of 35',
    async (listFacts, before) => {
      const search = await searching({ listFacts });
      search.seed(before);
      const made = search.made();
      search.seed(34 - before);
      // The record that an update can be made of, and not the shape of the list.
      expect(await find(search)).toMatchObject({ agent: { id: made.id, customId: 'customer-1' } });
      expect(search.holding.record.agent.agentId).toBe(made.id);
      expect((await search.bench.read(search.holding.record)).agent.agentId).toBe(made.id);
    },
  );

  it.each([
    [1, 'true', [1]],
    [10, 'true', [1]],
    [11, 'true', [1, 2, 1]],
    [35, 'true', [1, 4, 3, 2, 1]],
    [20, 'missing', [1, 2, 3, 2, 1]],
  ] as const)(
    'of %i that is not there costs each page on the way back from the last one, where facts are %s: %j',
    async (count, listFacts, pages) => {
      const search = await searching({ listFacts });
      search.seed(count);
      expect(await find(search)).toEqual({ agent: undefined });
      expect(search.pages).toEqual(pages);
      expect(await search.next().search.progress()).toBeUndefined();
    },
  );

  it('is found behind the page that was the last one when the search began', async () => {
    const search = await searching();
    search.seed(11);
    let made = '';
    search.bench.afterPage(1, async () => {
      search.seed(15);
      made = search.made().id;
    });
    expect(await find(search)).toMatchObject({ agent: { id: made } });
    expect(search.pages).toEqual([1, 2, 1, 3]);
  });

  it('that another person has is passed over for the one that is free', async () => {
    const search = await searching();
    const { account } = search.bench.provisioning;
    await store(search.bench, withAgent('eve', { agentId: search.made().id, account }));
    const free = search.made();
    expect(await find(search)).toMatchObject({ agent: { id: free.id } });
  });

  it('is not found where it is gone by the time it is read, and the search is over', async () => {
    const search = await searching();
    const made = search.made();
    const { client } = search.bench.provisioning;
    const ports: Ports = {
      ...search.ports,
      claim: async (id) => {
        await client.deleteAgent(made.id, search.terms);
        return search.ports.claim(id);
      },
    };
    expect(await find({ ...search, ports })).toEqual({ agent: undefined });
  });

  it('is left where another function has the lease by now', async () => {
    const search = await searching();
    search.made();
    await loseLease(search.bench, search.holding.record);
    expect(await find(search)).toMatchObject({ result: { kind: 'postponed', unknown: true } });
    expect((await search.bench.read(search.holding.record)).agent).not.toHaveProperty('agentId');
  });

  it('is not looked for, and none is made, while the organization’s id is not known', async () => {
    const search = await searching();
    const ports: Ports = { ...search.ports, organization: async () => undefined };
    expect(await find({ ...search, ports })).toMatchObject({
      result: { kind: 'postponed', code: 'no-organization', unknown: true },
    });
    expect(search.pages).toEqual([]);
  });

  it('without an address is nobody’s', async () => {
    const search = await searching();
    const { provisioning } = search.bench;
    search.seed(1);
    const ports: Ports = {
      ...search.ports,
      client: {
        ...search.ports.client,
        listAgents: async (...given) => {
          const page = await provisioning.client.listAgents(...given);
          if (page.outcome !== 'ok') return page;
          const results = page.value.results.map(({ emailId: _, ...agent }) => agent);
          return { ...page, value: { ...page.value, results } };
        },
      },
    };
    expect(await find({ ...search, ports })).toEqual({ agent: undefined });
  });
});

describe('a search that breaks off', () => {
  it.each(['drop-before', 'status'] as const)(
    'leaves nothing known, and goes on where it was: %s',
    async (kind) => {
      const search = await searching();
      search.seed(35);
      search.bench.afterPage(4, async () => search.fails(LIST, kind));
      expect(await find(search)).toMatchObject({ result: { unknown: true } });
      expect(search.pages).toEqual([1, 4, 3]);
      // The list may have grown: its last page is read again.
      expect(await find({ ...search, ports: search.next() })).toEqual({ agent: undefined });
      expect(search.pages).toEqual([3, 2, 1, 4]);
    },
  );

  it('finds what has come behind the last page meanwhile', async () => {
    const search = await searching();
    search.seed(35);
    search.bench.afterPage(4, async () => search.fails(LIST, 'drop-before'));
    await find(search);
    search.seed(20);
    const made = search.made();
    expect(await find({ ...search, ports: search.next() })).toMatchObject({ agent: { id: made.id } });
    expect(search.pages).toEqual([3, 2, 1, 4, 5, 6]);
  });

  it('goes on on its way to the last page', async () => {
    const search = await searching({ listFacts: 'missing' });
    search.seed(35);
    search.bench.afterPage(2, async () => search.fails(LIST, 'drop-before'));
    expect(await find(search)).toMatchObject({ result: { unknown: true } });
    expect(await find({ ...search, ports: search.next() })).toEqual({ agent: undefined });
    expect(search.pages).toEqual([3, 4, 5, 4, 3, 2, 1]);
  });

  it('has the agent all the same where it was found and could not be read', async () => {
    const search = await searching();
    const made = search.made();
    search.fails('GET /agents/{agentId}', 'drop-before');
    expect(await find(search)).toMatchObject({ result: { unknown: true } });
    expect((await search.bench.read(search.holding.record)).agent.agentId).toBe(made.id);
  });

  it('reads ten pages again at most when its function dies', async () => {
    const search = await searching();
    search.seed(350);
    const { provisioning } = search.bench;
    const dying: Ports = {
      ...search.ports,
      workforce: { ...search.ports.workforce, mayRead: async () => false },
      client: {
        ...search.ports.client,
        listAgents: async (...given) => {
          if (search.pages.length === 15) throw new Error('the machine is gone');
          search.pages.push(given[1]);
          return provisioning.client.listAgents(...given);
        },
      },
    };
    await expect(find({ ...search, ports: dying })).rejects.toThrow('gone');
    expect(search.pages.slice(0, 3)).toEqual([1, 35, 34]);
    expect(search.pages.at(-1)).toBe(22);
    expect(await search.next().search.progress()).toEqual({ back: 26, end: 35 });
  });
});

describe('a server that knows no pages', () => {
  it.each([0, 1])('and gives the same %i agents for ever is not asked for ever', async (count) => {
    const search = await searching();
    search.seed(count);
    const { provisioning } = search.bench;
    const ports: Ports = {
      ...search.ports,
      client: {
        ...search.ports.client,
        listAgents: async (orgId, page, terms) => {
          search.pages.push(page);
          if (search.pages.length > 20) throw new Error('for ever');
          const answer = await provisioning.client.listAgents(orgId, 1, terms);
          if (answer.outcome !== 'ok') return answer;
          return { ...answer, value: { ...answer.value, totalPages: undefined, mayHaveMore: () => true } };
        },
      },
    };
    expect(await find({ ...search, ports })).toEqual({ agent: undefined });
    expect(search.pages.length).toBeLessThanOrEqual(4);
  });
});

describe('the list for workforce management', () => {
  it.each([
    ['true', 100, 0],
    ['true', 101, 1],
    ['missing', 90, 0],
    ['missing', 91, 1],
    ['missing', 130, 1],
  ] as const)(
    'is asked for a long list alone; facts of pages: %s, agents: %i',
    async (listFacts, count, calls) => {
      const search = await searching({ listFacts });
      search.seed(count);
      expect(await find(search)).toEqual({ agent: undefined });
      // One with entries, and one behind it that is empty.
      expect(search.calls(WORKFORCE)).toBe(2 * calls);
    },
  );

  it('spares the pages between where it tells the agent', async () => {
    const search = await searching();
    search.seed(60);
    const made = search.made();
    search.seed(60);
    expect(await find(search)).toMatchObject({ agent: { id: made.id, customId: 'customer-1' } });
    expect(search.pages).toEqual([1]);
    expect((await search.bench.read(search.holding.record)).agent.agentId).toBe(made.id);
  });

  it('does not tell the one that is free where it tells another person’s', async () => {
    const search = await searching();
    search.seed(60);
    const { account } = search.bench.provisioning;
    await store(search.bench, withAgent('eve', { agentId: search.made().id, account }));
    // A namesake by the address alone.
    const free = search.made({ firstName: 'Ada Maria' });
    search.seed(60);
    expect(await find(search)).toMatchObject({ agent: { id: free.id } });
    expect(search.pages.length).toBeGreaterThan(1);
  });

  it('leads to nothing where another function has the lease by now, and the search goes on from there', async () => {
    const search = await searching();
    search.seed(60);
    search.made();
    search.seed(60);
    await loseLease(search.bench, search.holding.record);
    expect(await find(search)).toMatchObject({
      result: { kind: 'postponed', code: 'changed', unknown: true },
    });
    expect(await search.next().search.progress()).toEqual({ back: 13, end: 13 });
  });
});
