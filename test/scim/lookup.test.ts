import { describe, expect, it } from 'vitest';
import { type Answer, ada, type Door, detailOf, openDoor, provisioningOf } from './door.ts';

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** A door behind which Ada and Bob are. */
async function peopled(): Promise<Door & { readonly id: string }> {
  const door = openDoor();
  const { body } = await door.create(ada());
  await door.create(ada({ userName: 'bob', externalId: '00u2', emails: [{ value: 'bob@example.com' }] }));
  return { ...door, id: String(body.id) };
}

const find = (door: Door, filter: string) => door.send('GET', '/Users', { query: { filter } });
const namesIn = ({ body }: Answer) =>
  (body.Resources as { userName: string }[] | undefined)?.map(({ userName }) => userName);

describe('a person', () => {
  it('is read by id as it was answered when it was made', async () => {
    const { create, send } = openDoor();
    const created = await create(ada());
    const read = await send('GET', `/Users/${created.body.id}`);
    expect(read.status).toBe(200);
    expect(read.body).toEqual(created.body);
  });

  it('costs no call to look at', async () => {
    const door = await peopled();
    const before = door.simulator.calls().total;
    await door.send('GET', `/Users/${door.id}`);
    await find(door, 'userName eq "bob"');
    expect(door.simulator.calls().total).toBe(before);
  });

  it.each(['nobody', '%20', '..%2F..', 'x'.repeat(2_000)])(
    'who is not there is not found: %s',
    async (id) => {
      const detail = detailOf(await openDoor().send('GET', `/Users/${id}`), 404);
      expect(detail.length).toBeLessThan(200);
    },
  );

  it('of one tenant is not there in another', async () => {
    const { send, id } = await peopled();
    const headers = { authorization: 'Bearer token-of-other' };
    detailOf(await send('GET', `/other/scim/v2/Users/${id}`, { headers }), 404);
    const query = { filter: 'userName eq "ada@example.com"' };
    expect(namesIn(await send('GET', '/other/scim/v2/Users', { headers, query }))).toEqual([]);
  });
});

describe('a filter', () => {
  it.each([
    ['userName eq "ada@example.com"', ['ada@example.com']],
    ['userName eq "ADA@EXAMPLE.COM"', ['ada@example.com']],
    ['username EQ "bob"', ['bob']],
    ['externalId eq "00u2"', ['bob']],
    ['emails.value eq "ada.lovelace@example.com"', ['ada@example.com']],
    ['emails.value eq "ADA.Lovelace@Example.com"', ['ada@example.com']],
    ['emails[value eq "bob@example.com"]', ['bob']],
    ['emails[type eq "work"].value eq "ada.lovelace@example.com"', ['ada@example.com']],
    ['userName eq "bob" and active eq true', ['bob']],
    ['userName eq "bob" and active eq false', []],
    ['userName eq "nobody"', []],
    ['userName eq ""', []],
    ['externalId eq "00U2"', []],
    ['emails.value eq "bob"', []],
    ['id eq "nobody"', []],
  ])('finds by %s', async (filter, names) => {
    const answer = await find(await peopled(), filter);
    expect(answer.status).toBe(200);
    expect(namesIn(answer)).toEqual(names);
    expect(answer.body).toMatchObject({
      schemas: [LIST],
      totalResults: names.length,
      itemsPerPage: names.length,
      startIndex: 1,
    });
  });

  it('finds by id, with where the agent stands', async () => {
    const door = await peopled();
    const answer = await find(door, `id eq "${door.id}"`);
    const [resource] = answer.body.Resources as Record<string, unknown>[];
    expect(provisioningOf({ ...answer, body: resource ?? {} }).state).toBe('provisioned');
  });

  it('has its list also where it is empty', async () => {
    const { body } = await find(openDoor(), 'userName eq "nobody"');
    expect(body).toEqual({ schemas: [LIST], totalResults: 0, itemsPerPage: 0, startIndex: 1, Resources: [] });
  });

  it('may come under a name in another case, as clients write it', async () => {
    const door = await peopled();
    const answer = await door.send('GET', '/Users', { query: { FILTER: 'userName eq "bob"' } });
    expect(namesIn(answer)).toEqual(['bob']);
  });

  it.each(['userName eq', 'userName zz "x"', 'userNam eq "x"', '(userName eq "x"', 'userName eq "x'])(
    'that cannot be read is refused: %s',
    async (filter) => {
      detailOf(await find(openDoor(), filter), 400, 'invalidFilter');
    },
  );
});
