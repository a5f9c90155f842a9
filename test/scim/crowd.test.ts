import { expect, it } from 'vitest';
import { openDirectory } from '../../functions/directory/directory.ts';
import { openSqliteTable } from '../../functions/directory/sqlite/table.ts';
import { openDoor } from './door.ts';

const CROWD = 32;

/** What each of a crowd of requests sets, which all want to change one user at once. */
const CHANGES: [path: string, valueAt: (index: number) => unknown][] = [
  // An attribute that the agent shows, one that it does not, and the one that puts it out of service.
  ['name.givenName', (index) => `Ann ${index}`],
  ['title', (index) => `Title ${index}`],
  ['active', (index) => index % 2 === 0],
];

it.each(CHANGES)(
  '%s of a user changed by 32 requests at once is changed, or to be sent again',
  async (path, valueAt) => {
    const door = openDoor({
      services: ({ clock }) => ({ directory: openDirectory(openSqliteTable(':memory:', clock), clock) }),
    });
    const { body: user } = await door.create({
      userName: 'ann@example.com',
      name: { givenName: 'Ann', familyName: 'Bell' },
    });
    const answers = await Promise.all(
      Array.from({ length: CROWD }, (_, index) =>
        door.send('PATCH', `/Users/${user.id}`, {
          body: {
            schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
            Operations: [{ op: 'replace', path, value: valueAt(index) }],
          },
        }),
      ),
    );
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeLessThan(CROWD / 2);
    // RFC 9110 section 15.6.4: a time after which the request may come again.
    expect(refused.map(({ status, headers }) => [status, headers['retry-after']])).toEqual(
      refused.map(() => [503, '1']),
    );
    // What was refused is not stored: each answer of success is a version of its own.
    const { headers } = await door.send('GET', `/Users/${user.id}`);
    const versions = answers.filter(({ status }) => status === 200).map(({ headers: { etag } }) => etag);
    expect(versions).toContain(headers.etag);
    expect(door.simulator.agents()).toHaveLength(1);
  },
);
