import { describe, expect, it } from 'vitest';
import { detailOf } from './door.ts';
import { aUser, openQuietDoor, patchOf, resourcesOf } from './quiet.ts';

/**
 * App roles of Entra ID, which writes one in a PATCH as JSON in the text of `value`. Whole conversations are in
 * test/fixtures/scim/entra-app-roles.json.
 * @see https://learn.microsoft.com/entra/identity/app-provisioning/customize-application-attributes#provisioning-a-role-to-a-scim-app
 */

const textOf = (value: string | null, displayName = 'Name', more: object = {}) =>
  JSON.stringify({ id: '06b07648-ecfe-589f-9d2f-6325724a46ee', value, displayName, ...more });
const VIP = { value: 'queue:VIP', display: 'VIP' };

async function rolesAfter(roles: unknown, ...operations: unknown[]) {
  const door = openQuietDoor();
  const id = await aUser(door, { roles });
  if (operations.length > 0) {
    const answer = await door.send('PATCH', `/Users/${id}`, { body: patchOf(...operations) });
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  }
  return (await door.send('GET', `/Users/${id}`)).body.roles;
}

describe('an app role', () => {
  it.each([
    ['text of JSON as the value', [{ value: textOf('queue:VIP', 'VIP') }]],
    ['an object as the value', [{ value: { id: '1', value: 'queue:VIP', displayName: 'VIP' } }]],
    ['the element itself as text', [textOf('queue:VIP', 'VIP')]],
    ['display by the name displayName', [{ value: 'queue:VIP', displayName: 'VIP' }]],
  ])('is understood as %s', async (_, roles) => {
    expect(await rolesAfter(roles)).toEqual([VIP]);
    expect(await rolesAfter(undefined, { op: 'Add', path: 'roles', value: roles })).toEqual([VIP]);
    expect(await rolesAfter([], { op: 'replace', value: { roles } })).toEqual([VIP]);
  });

  it('keeps what the element says beside the text', async () => {
    const role = { primary: true, type: 'T', display: 'Very important', value: textOf('queue:VIP', 'VIP') };
    expect(await rolesAfter([role])).toEqual([{ ...role, value: 'queue:VIP' }]);
  });

  it('is one with the same value, whatever the type says', async () => {
    const typed = { type: 'WindowsAzureActiveDirectoryRole', primary: false, ...VIP };
    const value = [{ value: textOf('queue:VIP', 'VIP') }];
    expect(await rolesAfter([typed], { op: 'Add', path: 'roles', value })).toEqual([typed]);
    expect(await rolesAfter([typed], { op: 'Remove', path: 'roles', value })).toBeUndefined();
    expect(await rolesAfter([VIP], { op: 'Remove', path: 'roles', value: [typed] })).toBeUndefined();
  });

  it.each([`roles[value eq ${JSON.stringify(textOf('queue:VIP'))}]`, 'roles[value eq "queue:VIP"]'])(
    'is taken back by %s',
    async (path) => {
      const roles = [{ value: textOf('queue:VIP') }, { value: 'role:Agent' }];
      expect(await rolesAfter(roles, { op: 'Remove', path })).toEqual([{ value: 'role:Agent' }]);
    },
  );

  it('takes the value of the one before it with it when it has none', async () => {
    const path = 'roles[primary eq "True"].value';
    const roles = [{ primary: true, value: 'role:Supervisor' }];
    expect(await rolesAfter(roles, { op: 'Replace', path, value: textOf(null, 'User') })).toEqual([
      { primary: true, display: 'User' },
    ]);
  });

  it('is found by its value', async () => {
    const door = openQuietDoor();
    await aUser(door, { roles: [{ value: textOf('queue:VIP') }] });
    const query = { filter: 'roles.value eq "queue:VIP"' };
    expect(resourcesOf(await door.send('GET', '/Users', { query }))).toHaveLength(1);
  });

  it('is no other text in braces, and no text of JSON elsewhere', async () => {
    expect(await rolesAfter([{ value: '{not JSON' }, { value: '{"a":1}' }])).toEqual([
      { value: '{not JSON' },
      { value: '{"a":1}' },
    ]);
    const door = openQuietDoor();
    const id = await aUser(door, { ims: [{ value: textOf('x') }] });
    expect((await door.send('GET', `/Users/${id}`)).body.ims).toEqual([{ value: textOf('x') }]);
  });

  it('whose value is no text is refused by its name', async () => {
    const answer = await openQuietDoor().create({
      userName: 'a@example.com',
      roles: [{ value: { id: '1' } }],
    });
    expect(detailOf(answer, 400, 'invalidValue')).toContain('roles.value must be a string');
  });
});
