import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../functions/scim-core/filter/filter.ts';
import { compileFilter } from '../../functions/scim-core/filter/match.ts';
import { USER_KIND } from '../../functions/scim-core/schema.ts';
import { type AnyRequest, anyRequest, filter, memberOperation, mutated, operation } from './arbitrary.ts';
import { type Answer, type Door, ERROR, TOKEN } from './door.ts';
import { contextWith, scimEvent } from './event.ts';
import { aGroup, aUser, ENTERPRISE, memberIds, openQuietDoor, patchOf, resourcesOf } from './quiet.ts';

/**
 * Ten thousand runs in all. The same ones each time, so that nothing fails by chance; another PROPERTY_SEED makes others.
 */
const seed = Number(process.env.PROPERTY_SEED ?? 7643);
const runs = (numRuns: number) => ({ numRuns, seed });

/** Persons and a group that filters find something of. */
async function peopled(): Promise<Door & { user: string; group: string }> {
  const door = openQuietDoor();
  const emails = [
    { value: 'ada@example.com', type: 'work', primary: true },
    { value: 'ada', type: 'home' },
  ];
  const user = await aUser(door, {
    userName: 'ada',
    externalId: '1',
    active: true,
    title: 'eve',
    name: { givenName: 'Ada', familyName: 'bob' },
    emails,
    [ENTERPRISE]: { department: 'Engines', manager: { value: '1' } },
  });
  await aUser(door, {
    userName: 'Bob',
    externalId: 'bob',
    active: false,
    roles: [{ value: 'ada', primary: true }],
  });
  await aUser(door, {
    userName: 'eve',
    emails: [{ value: 'ADA@example.com' }],
    phoneNumbers: [{ value: '1' }],
  });
  await aUser(door, { userName: 'work', displayName: 'ada' });
  const group = await aGroup(door, 'Analysts', [user]);
  return { ...door, user, group };
}

/** A SCIM Error, or success: nothing that is our fault. */
function assertDecent({ status, headers, body }: Answer): void {
  if (status === 501 && String(body.detail).includes('/Me')) return;
  expect(status, JSON.stringify(body)).toBeLessThan(500);
  if (status < 400) return;
  expect(body).toMatchObject({
    schemas: [ERROR],
    status: String(status),
    detail: expect.stringMatching(/./),
  });
  expect(headers['content-type']).toMatch(/json/);
}

describe('a filter that is made up', () => {
  it('finds by its keys what it finds by looking at all', async () => {
    const door = await peopled();
    const everybody = resourcesOf(await door.send('GET', '/Users'));
    const property = fc.asyncProperty(filter, async (text) => {
      const answer = await door.send('GET', '/Users', { query: { filter: text } });
      assertDecent(answer);
      if (answer.status !== 200) {
        expect(answer.body.scimType).toBe('invalidFilter');
        return;
      }
      const expected = everybody.filter(compileFilter(parseFilter(text, USER_KIND)));
      expect(resourcesOf(answer)).toEqual(expected);
      expect(answer.body.totalResults).toBe(expected.length);
    });
    await fc.assert(property, runs(2_000));
  });

  it('is understood or refused when something in it is changed', async () => {
    const door = await peopled();
    const property = fc.asyncProperty(mutated(filter), async (text) => {
      const answer = await door.send('GET', '/Users', { query: { filter: text } });
      assertDecent(answer);
      if (answer.status !== 200) expect(answer.body.scimType).toBe('invalidFilter');
    });
    await fc.assert(property, runs(1_500));
  });
});

describe('a PATCH that is made up', () => {
  it('is done whole or not at all, and what is there afterwards is a user', async () => {
    const door = await peopled();
    const path = `/Users/${door.user}`;
    let done = 0;
    const property = fc.asyncProperty(
      fc.array(operation, { minLength: 1, maxLength: 4 }),
      async (operations) => {
        const before = await door.directory.readPerson('demo', door.user);
        const answer = await door.send('PATCH', path, { body: JSON.stringify(patchOf(...operations)) });
        assertDecent(answer);
        const after = await door.directory.readPerson('demo', door.user);
        if (answer.status >= 400) {
          expect(after).toEqual(before);
          return;
        }
        done += 1;
        const { body } = await door.send('GET', path);
        if (answer.status === 200) expect(answer.body).toEqual(body);
        // Sent back as it is, it is taken and is no change: it is valid, and read-only parts are ignored.
        const put = await door.send('PUT', path, { body: JSON.stringify(body) });
        expect(put.body).toEqual(body);
      },
    );
    await fc.assert(property, runs(2_500));
    // A test in which nearly everything is refused would say little.
    expect(done).toBeGreaterThan(500);
  });

  it('changes the members of a group as its operations say, one after the other', async () => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'Analysts');
    let model = new Set<string>();
    const property = fc.asyncProperty(
      fc.array(memberOperation, { minLength: 1, maxLength: 4 }),
      async (operations) => {
        const body = patchOf(...operations.map((each) => each.operation));
        const answer = await door.send('PATCH', `/Groups/${group}`, { body });
        expect(answer.status).toBeLessThan(300);
        model = operations.reduce((ids, { apply }) => apply(ids), model);
        expect(await memberIds(door, group)).toEqual([...model].toSorted());
      },
    );
    await fc.assert(property, runs(750));
  });

  it('of a group is done whole or not at all', async () => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'Analysts', ['a']);
    const either = fc.oneof(
      memberOperation.map((each) => each.operation),
      operation,
    );
    const property = fc.asyncProperty(
      fc.array(either, { minLength: 1, maxLength: 4 }),
      async (operations) => {
        const read = async () => [
          await door.directory.readGroup('demo', group),
          await memberIds(door, group),
        ];
        const before = await read();
        const answer = await door.send('PATCH', `/Groups/${group}`, {
          body: JSON.stringify(patchOf(...operations)),
        });
        assertDecent(answer);
        if (answer.status >= 400) expect(await read()).toEqual(before);
      },
    );
    await fc.assert(property, runs(750));
  });
});

describe('a page that is made up', () => {
  it('is the part of the whole list that it asks for, and cursors lead through all of it', async () => {
    const door = await peopled();
    const query = fc.record(
      {
        startIndex: fc.integer({ min: -2, max: 8 }).map(String),
        count: fc.integer({ min: -1, max: 6 }).map(String),
        sortBy: fc.constantFrom('userName', 'displayName', 'meta.created', 'emails'),
        sortOrder: fc.constantFrom('ascending', 'descending'),
        filter: fc.constantFrom('userName pr', 'active pr', 'userName eq "ada" or userName eq "eve"'),
      },
      { requiredKeys: [] },
    );
    const property = fc.asyncProperty(query, async ({ startIndex, count, ...rest }) => {
      const given = { ...(startIndex && { startIndex }), ...(count && { count }) };
      const whole = resourcesOf(await door.send('GET', '/Users', { query: rest }));
      const page = await door.send('GET', '/Users', { query: { ...rest, ...given } });
      const from = Math.max(1, Number(startIndex ?? 1)) - 1;
      const size = Math.max(0, Number(count ?? 100));
      expect(resourcesOf(page)).toEqual(whole.slice(from, from + size));
      expect(page.body.totalResults).toBe(whole.length);
      const led: unknown[] = [];
      for (let cursor: unknown = ''; typeof cursor === 'string'; ) {
        const next = await door.send('GET', '/Users', {
          query: { ...rest, ...(count && { count }), cursor },
        });
        led.push(...resourcesOf(next));
        cursor = next.body.nextCursor;
      }
      expect(led).toEqual(size === 0 ? [] : whole);
    });
    await fc.assert(property, runs(500));
  });
});

/** Sends bytes as API Gateway would: as text where they are, else in base64. */
async function sendBytes(door: Door, { method, path, query, headers, body }: AnyRequest): Promise<Answer> {
  const isText = body?.toString('utf8').includes('\uFFFD') !== true;
  const event = {
    ...scimEvent(method, `/demo/scim/v2${path}`, {
      query,
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
    }),
    isBase64Encoded: !isText,
    ...(body === undefined ? {} : { body: isText ? body.toString('utf8') : body.toString('base64') }),
  };
  const result = await door.handler(event, contextWith());
  return {
    status: result.statusCode ?? 0,
    headers: result.headers as Record<string, string>,
    body: result.body === undefined ? {} : JSON.parse(result.body),
  };
}

describe('a request that is made up', () => {
  it('is answered in time and decently, whatever it is', async () => {
    let door = await peopled();
    let statuses = new Map<number, number>();
    let sent = 0;
    const property = fc.asyncProperty(anyRequest, async (request) => {
      // A new directory now and then: the persons in it may have been deleted.
      sent += 1;
      if (sent % 100 === 0) door = await peopled();
      const path = request.path.replace('USER', door.user).replace('GROUP', door.group);
      const answer = await sendBytes(door, { ...request, path });
      statuses = statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (request.method !== 'HEAD') assertDecent(answer);
      else expect(answer.status).not.toBe(500);
    });
    await fc.assert(property, runs(2_000));
    expect({}).not.toHaveProperty('polluted');
    // Of all kinds: what is always refused at the door says nothing of what is behind it.
    for (const status of [200, 201, 204, 400, 404, 405, 412, 415])
      expect(statuses.has(status), `${status}`).toBe(true);
  });
});
