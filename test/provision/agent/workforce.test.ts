import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../../functions/directory/directory.ts';
import { memoryTable } from '../../../functions/directory/memory.ts';
import type { Ports } from '../../../functions/provision/agent/ports.ts';
import {
  mayReadWorkforce,
  noteWorkforceUnusable,
} from '../../../functions/provision/agent/workforce-scope.ts';
import { findInWorkforce } from '../../../functions/provision/agent/workforce-search.ts';
import type { BehaviourInput } from '../../../local/simulator/behaviour.ts';
import { HandClock } from '../../local/simulator-bench.ts';
import { beginAttempt, recordOf, unkeyed } from './attempt.ts';

const WEEK_MS = 7 * 86_400_000;
const WORKFORCE = 'GET /analytics/account/{accountId}/agents';
const AVAILABILITY = 'POST /agents/availability';

describe('the list for workforce management, which takes a scope of its own', () => {
  function opened() {
    const clock = new HandClock();
    const services = { clock, directory: openDirectory(memoryTable(clock), clock) };
    return { ...services, may: (tenant = 'demo') => mayReadWorkforce(services, tenant), services };
  }

  it('is asked for until it was refused, and then for a week no more', async () => {
    const { clock, may, services } = opened();
    expect(await may()).toBe(true);
    await noteWorkforceUnusable(services, 'demo');
    expect(await may()).toBe(false);
    expect(await may('second')).toBe(true);
    clock.advance(WEEK_MS - 1);
    expect(await may()).toBe(false);
    clock.advance(1);
    expect(await may()).toBe(true);
  });

  it('is asked for where what is stored of it can not be read', async () => {
    const { may, directory } = opened();
    await directory.writeDocument('demo', 'workforce', { unusableAt: 'yesterday' });
    expect(await may()).toBe(true);
  });
});

/** An attempt at ada, whose agent is looked for by names and addresses. */
async function searching(behaviour: BehaviourInput = {}) {
  const begun = await beginAttempt(recordOf('ada'), { behaviour, tenant: unkeyed() });
  const { simulator } = begun.bench;
  return {
    ...begun,
    namesake: (emailId: string) => simulator.seedAgent({ firstName: 'ADA', lastName: 'Example', emailId }).id,
    other: () => simulator.seedAgent({ firstName: 'eve', lastName: 'Example' }),
    find: (ports: Ports = begun.ports) => findInWorkforce(ports, new Set(['ada@example.com']), begun.terms),
    calls: (operation: typeof WORKFORCE | typeof AVAILABILITY) => simulator.calls()[operation] ?? 0,
  };
}

describe('an agent in the list for workforce management', () => {
  it('is the namesake with the address', async () => {
    const { namesake, other, find, calls } = await searching({ workforce: { mostPerPage: 2 } });
    namesake('ada.king@example.com');
    other();
    other();
    const id = namesake('Ada@Example.com');
    namesake('ada.byron@example.com');
    expect(await find()).toBe(id);
    expect(calls(AVAILABILITY)).toBe(1);
  });

  it('is none of the namesakes where none has the address', async () => {
    const { namesake, find } = await searching();
    namesake('ada.king@example.com');
    expect(await find()).toBeUndefined();
  });

  it('costs no look at addresses where there is no namesake', async () => {
    const { other, find, calls } = await searching();
    other();
    expect(await find()).toBeUndefined();
    expect(calls(AVAILABILITY)).toBe(0);
  });

  it.each([
    [99, 1],
    [100, 0],
  ])('with %i other namesakes costs %i looks at addresses', async (others, calls) => {
    const search = await searching();
    for (let number = 0; number < others; number += 1) search.namesake(`ada.${number}@example.com`);
    const id = search.namesake('ada@example.com');
    expect(await search.find()).toBe(calls === 0 ? undefined : id);
    expect(search.calls(AVAILABILITY)).toBe(calls);
  });

  it('is not looked for on more than thirty pages', async () => {
    const search = await searching({ workforce: { mostPerPage: 1 } });
    for (let number = 0; number < 29; number += 1) search.other();
    const id = search.namesake('ada@example.com');
    expect(await search.find()).toBe(id);
    const further = await searching({ workforce: { mostPerPage: 1 } });
    for (let number = 0; number < 30; number += 1) further.other();
    further.namesake('ada@example.com');
    expect(await further.find()).toBeUndefined();
    expect(further.calls(WORKFORCE)).toBe(30);
  });

  it('is found where each page is the same, as of a server that knows no offset', async () => {
    const { namesake, find, ports, calls } = await searching();
    const id = namesake('ada@example.com');
    const { client } = ports;
    const listWorkforce: typeof client.listWorkforce = ({ limit }, terms) =>
      client.listWorkforce({ offset: 0, limit }, terms);
    expect(await find({ ...ports, client: { ...client, listWorkforce } })).toBe(id);
    expect(calls(WORKFORCE)).toBe(2);
  });

  it.each([
    ['403', { missingScope: { status: 403 }, withoutScopes: ['WFM Integration'] }],
    ['401', { missingScope: { status: 401 }, withoutScopes: ['WFM Integration'] }],
    ['404', { faults: [{ on: WORKFORCE, kind: 'status', status: 404 }] }],
  ] satisfies [string, BehaviourInput][])(
    'is not told by a list that answers %s, which is asked once',
    async (_, behaviour) => {
      const { namesake, find, ports, calls } = await searching(behaviour);
      namesake('ada@example.com');
      expect(await find()).toBeUndefined();
      expect(await ports.workforce.mayRead()).toBe(false);
      expect(await find()).toBeUndefined();
      expect(calls(WORKFORCE)).toBe(1);
    },
  );

  it('is not told by a list that gives no answer now, which is asked again', async () => {
    const { namesake, find, ports } = await searching({
      faults: [{ on: WORKFORCE, kind: 'drop-before', times: 1 }],
    });
    const id = namesake('ada@example.com');
    expect(await find()).toBeUndefined();
    expect(await ports.workforce.mayRead()).toBe(true);
    expect(await find()).toBe(id);
  });

  it('is not told while addresses can not be read', async () => {
    const { namesake, find } = await searching({
      faults: [{ on: AVAILABILITY, kind: 'drop-before', times: 1 }],
    });
    namesake('ada@example.com');
    expect(await find()).toBeUndefined();
  });
});
