import { expect, it } from 'vitest';
import { ada, type Door, openDoor } from './door.ts';

const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

async function people(door: Door, ...names: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const name of names) {
    const person = { userName: name, externalId: name, emails: [{ value: `${name}@example.com` }] };
    ids.push(String((await door.create(ada({ ...person, displayName: `Name of ${name}` }))).body.id));
  }
  return ids;
}

const displaysOf = ({ members }: Record<string, unknown>) =>
  (members as { display?: string }[]).map(({ display }) => display);

it("a member without display shows the user's, of all groups of a page by one read", async () => {
  let reads = 0;
  const door = openDoor({
    services: ({ directory }) => ({
      directory: {
        ...directory,
        readPersons: (...asked) => {
          reads += 1;
          return directory.readPersons(...asked);
        },
      },
    }),
  });
  const [a = '', b = ''] = await people(door, 'a', 'b');
  const members = [{ value: a }, { value: b, display: 'As sent' }, { value: 'nobody' }];
  for (const displayName of ['One', 'Two', 'Three']) {
    const made = await door.send('POST', '/Groups', { body: { schemas: [GROUP], displayName, members } });
    expect(displaysOf(made.body)).toEqual(['Name of a', 'As sent', undefined]);
    const one = await door.send('GET', `/Groups/${made.body.id}`);
    expect(displaysOf(one.body)).toEqual(['Name of a', 'As sent', undefined]);
    expect(one.body).toEqual(made.body);
  }
  reads = 0;
  const { body } = await door.send('GET', '/Groups');
  expect((body.Resources as Record<string, unknown>[]).map(displaysOf)).toEqual(
    Array(3).fill(['Name of a', 'As sent', undefined]),
  );
  expect(reads).toBe(1);
  await door.send('GET', '/Groups', { query: { excludedAttributes: 'members' } });
  expect(reads).toBe(1);
});

it('a member who was renamed or deleted is shown so', async () => {
  const door = openDoor();
  const [a = '', b = ''] = await people(door, 'a', 'b');
  const body = { schemas: [GROUP], displayName: 'One', members: [{ value: a }, { value: b }] };
  const { id } = (await door.send('POST', '/Groups', { body })).body;
  const patch = { Operations: [{ op: 'replace', path: 'displayName', value: 'Ada' }] };
  await door.send('PATCH', `/Users/${a}`, { body: patch });
  await door.send('DELETE', `/Users/${b}`);
  expect(displaysOf((await door.send('GET', `/Groups/${id}`)).body)).toEqual(['Ada']);
});

it.each([
  ['displayName', { displayName: 'D', name: { formatted: 'F', givenName: 'G', familyName: 'H' } }, 'D'],
  ['the name as it is written', { name: { formatted: 'F', givenName: 'G', familyName: 'H' } }, 'F'],
  ['the name of its parts', { name: { givenName: 'G', familyName: 'H' } }, 'G H'],
  ['userName', { name: { honorificPrefix: 'Dr' } }, 'a'],
])('a member is shown by %s', async (_, person, display) => {
  const door = openDoor();
  const { id } = (await door.create({ userName: 'a', emails: [{ value: 'a@example.com' }], ...person })).body;
  const body = { schemas: [GROUP], displayName: 'One', members: [{ value: id }] };
  expect(displaysOf((await door.send('POST', '/Groups', { body })).body)).toEqual([display]);
});
