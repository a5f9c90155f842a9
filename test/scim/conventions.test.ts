import { expect, it } from 'vitest';
import { AGENT, ada, detailOf, openDoor } from './door.ts';

/** What docs/scim.md says of choices and deviations. */
it.each(['auto', 'okta', 'generic'] as const)(
  'PATCH replace with a filter that matches nothing makes the value, or is 400 noTarget: %s',
  async (profile) => {
    const door = openDoor({ tenant: { scim: { profile, jwt: [], discovery: 'token' } as never } });
    const { body } = await door.create(ada());
    const replace = (path: string, value: unknown) =>
      door.send('PATCH', `/Users/${body.id}`, { body: { Operations: [{ op: 'replace', path, value }] } });
    const made = await replace('addresses[type eq "work"].locality', 'London');
    expect(made.status).toBe(200);
    expect(made.body.addresses).toEqual([{ type: 'work', locality: 'London' }]);
    detailOf(await replace('emails[value co "nobody"].display', 'x'), 400, 'noTarget');
    const { addresses, emails } = (await door.send('GET', `/Users/${body.id}`)).body;
    expect({ addresses, emails }).toMatchObject({
      addresses: [{ type: 'work' }],
      emails: [{ type: 'work' }],
    });
    expect(emails).toHaveLength(1);
  },
);

it('a body without schemas is taken, and answered with those that it has', async () => {
  const { create } = openDoor();
  const { status, body } = await create(ada({ schemas: undefined }));
  expect(status).toBe(201);
  expect(body.schemas).toEqual(['urn:ietf:params:scim:schemas:core:2.0:User', AGENT]);
});

it('manager.displayName is readWrite, as /Schemas says and a write does', async () => {
  const urn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
  const { create, send } = openDoor();
  interface Attribute {
    readonly name: string;
    readonly mutability: string;
    readonly subAttributes?: readonly Attribute[];
  }
  const { attributes } = (await send('GET', `/Schemas/${urn}`)).body as unknown as {
    attributes: Attribute[];
  };
  const manager = attributes.find(({ name }) => name === 'manager');
  const displayName = manager?.subAttributes?.find(({ name }) => name === 'displayName');
  expect(displayName?.mutability).toBe('readWrite');
  const sent = { manager: { value: '26118915', displayName: 'John Smith' } };
  const { body } = await create(ada({ [urn]: sent }));
  expect(body[urn]).toEqual(sent);
});
