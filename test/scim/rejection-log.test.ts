import { expect, it } from 'vitest';
import { openRejections, SCIM_DOOR } from '../../functions/events/rejections.ts';
import { ada, type Door, detailOf, openDoor } from './door.ts';

const OKTA = { headers: { 'user-agent': 'Okta SCIM Client 1.0.0' } };

/** The refusals of demo that are kept, the newest first. */
const kept = async ({ services }: Door, tenant = 'demo') =>
  (await openRejections(services).list(tenant, SCIM_DOOR, { limit: 500 })).entries;

it('keeps what a refused request was about, and ends its words with an id that the logs know', async () => {
  const door = openDoor();
  const detail = detailOf(
    await door.create(ada({ emails: [{ value: 'none', primary: true }] }), OKTA),
    400,
    'invalidValue',
  );
  expect(detail).toMatch(/ \(c6af9ac6\)$/);
  const [entry, ...others] = await kept(door);
  expect(others).toEqual([]);
  expect(entry).toEqual({
    at: '2026-11-23T10:00:00.000Z',
    id: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
    method: 'POST',
    endpoint: 'Users',
    client: 'Okta SCIM Client 1.0.0',
    userName: 'ada@example.com',
    status: 400,
    scimType: 'invalidValue',
    detail: detail.replace(/ \(c6af9ac6\)$/, ''),
  });
  const lines = door.logged.filter((line) => line.includes('a SCIM request was refused'));
  expect(lines).toEqual([expect.stringContaining('c6af9ac6-7b61-11e6-9a41-93e8deadbeef')]);
});

it('keeps them for seven days', async () => {
  const door = openDoor();
  await door.create(ada({ userName: '' }));
  door.clock.advance(7 * 86_400_000 - 60_000);
  expect(await kept(door)).toHaveLength(1);
  door.clock.advance(120_000);
  expect(await kept(door)).toEqual([]);
});

it('keeps 20 a minute, of strangers apart, so that they leave the share of the clients alone', async () => {
  const door = openDoor();
  const stranger = { headers: { authorization: 'Bearer wrong' } };
  for (let each = 0; each < 30; each += 1) await door.send('GET', '/Users', stranger);
  for (let each = 0; each < 30; each += 1) await door.create(ada({ userName: '' }));
  const statuses = (await kept(door)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(20);
  expect(statuses.filter((status) => status === 400)).toHaveLength(20);
  door.clock.advance(60_000);
  await door.create(ada({ userName: '' }));
  expect(await kept(door)).toHaveLength(41);
});

it('keeps no secret, no phone number and no control character', async () => {
  const door = openDoor();
  await door.create(
    ada({ userName: '+49 30 1234567', password: 'correct horse', emails: [{ value: 'tel 0049 301234567' }] }),
    { headers: { 'user-agent': 'curl\u001b[31m' } },
  );
  await door.send('GET', '/Users', { query: { filter: 'phoneNumbers.value xx "+49 (0)30 1234-567"' } });
  await door.send('GET', '/Users', { headers: { authorization: 'Bearer secret-of-mine' } });
  const text = JSON.stringify(await kept(door));
  expect(await kept(door)).toHaveLength(3);
  expect(text).not.toMatch(/1234|horse|secret-of-mine|\\u001b/);
});

it('keeps each operation of a bulk request that was refused', async () => {
  const door = openDoor();
  const { body } = await door.send('POST', '/Bulk', {
    body: {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [
        { method: 'POST', path: '/Users', bulkId: 'a', data: ada() },
        { method: 'POST', path: '/Users', bulkId: 'b', data: ada({ userName: 'bob', emails: undefined }) },
        { method: 'BREW', path: '/Users' },
        { method: 'PATCH', path: '/Users/nobody', data: { Operations: [] } },
      ],
    },
  });
  const details = (body.Operations as { response?: { detail: string } }[]).map(
    ({ response }) => response?.detail,
  );
  expect(details).toEqual([undefined, ...Array(3).fill(expect.stringMatching(/ \(c6af9ac6\)$/))]);
  expect((await kept(door)).map(({ userName, resource, status }) => [userName ?? resource, status])).toEqual([
    ['nobody', 404],
    [undefined, 400],
    ['bob', 400],
  ]);
});

it('keeps nothing of who is looked for in vain, of what was taken, or of tenants that there are not', async () => {
  const door = openDoor();
  await door.create(ada());
  detailOf(await door.send('GET', '/Users/nobody'), 404);
  expect(detailOf(await door.send('GET', '/nobody/scim/v2/Users'), 401)).toMatch(/ \(c6af9ac6\)$/);
  expect(await kept(door)).toEqual([]);
  expect(await kept(door, 'nobody')).toEqual([]);
});

it('answers all the same while refusals can not be kept', async () => {
  const door = openDoor({
    services: ({ directory }) => ({
      directory: {
        ...directory,
        appendHistory: (...[tenant, key, ...rest]) =>
          key.startsWith('refused/')
            ? Promise.reject(new Error('full'))
            : directory.appendHistory(tenant, key, ...rest),
      },
    }),
  });
  detailOf(await door.create(ada({ emails: [{ value: 'none', primary: true }] })), 400, 'invalidValue');
  expect(door.logged.join()).toContain('a refusal could not be kept');
});
