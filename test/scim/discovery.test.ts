import { describe, expect, it } from 'vitest';
import { type DoorOptions, detailOf, openDoor } from './door.ts';
import { openQuietDoor } from './quiet.ts';

const CORE = 'urn:ietf:params:scim:schemas:core:2.0';
const BASE = 'https://id.execute-api.eu-central-1.amazonaws.com/demo/scim/v2';

interface AttributeJson {
  readonly name: string;
  readonly type: string;
  readonly subAttributes?: readonly AttributeJson[];
}

const attributesOf = (schema: Record<string, unknown> = {}) => schema.attributes as readonly AttributeJson[];

describe('ServiceProviderConfig', () => {
  it('has what RFC 7643 section 5 and RFC 9865 section 4 say', async () => {
    const { status, headers, body } = await openDoor().send('GET', '/ServiceProviderConfig');
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/scim\+json\b/);
    expect(body).toEqual({
      schemas: [`${CORE}:ServiceProviderConfig`],
      patch: { supported: true },
      bulk: { supported: true, maxOperations: 1000, maxPayloadSize: 1_048_576 },
      filter: { supported: true, maxResults: 500 },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
      pagination: {
        cursor: true,
        index: true,
        defaultPaginationMethod: 'index',
        defaultPageSize: 100,
        maxPageSize: 500,
        cursorTimeout: 3600,
      },
      authenticationSchemes: [
        {
          type: 'oauthbearertoken',
          name: expect.any(String),
          description: expect.any(String),
          specUri: expect.stringMatching(/^https:/),
          primary: true,
        },
      ],
      meta: { resourceType: 'ServiceProviderConfig', location: `${BASE}/ServiceProviderConfig` },
    });
  });

  it('is true: what it promises of pages is what a list does', async () => {
    const { send } = openQuietDoor();
    const { body } = await send('GET', '/ServiceProviderConfig');
    const { defaultPaginationMethod } = body.pagination as { defaultPaginationMethod: string };
    const list = await send('GET', '/Users');
    expect('startIndex' in list.body).toBe(defaultPaginationMethod === 'index');
  });

  it('names OAuth 2.0 where the tenant trusts an authorization server', async () => {
    const jwt = {
      issuer: ['https://issuer.example'],
      audience: ['scim'],
      keys: 'https://issuer.example/keys',
      algorithms: ['RS256' as const],
      claims: {},
      longestLife: 86_400,
      isForAccessAlone: false,
      access: 'all' as const,
    };
    const { send } = openDoor({ tenant: { scim: { profile: 'auto', discovery: 'token', jwt: [jwt] } } });
    const { body } = await send('GET', '/ServiceProviderConfig');
    expect(body.authenticationSchemes).toMatchObject([{ type: 'oauthbearertoken' }, { type: 'oauth2' }]);
  });
});

describe('ResourceTypes', () => {
  const user = {
    schemas: [`${CORE}:ResourceType`],
    id: 'User',
    name: 'User',
    endpoint: '/Users',
    description: expect.any(String),
    schema: `${CORE}:User`,
    schemaExtensions: [
      { schema: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', required: false },
      { schema: 'urn:agent-provisioner:params:scim:schemas:extension:agent:1.0:User', required: false },
    ],
    meta: { resourceType: 'ResourceType', location: `${BASE}/ResourceTypes/User` },
  };
  const group = {
    schemas: [`${CORE}:ResourceType`],
    id: 'Group',
    name: 'Group',
    endpoint: '/Groups',
    description: expect.any(String),
    schema: `${CORE}:Group`,
    meta: { resourceType: 'ResourceType', location: `${BASE}/ResourceTypes/Group` },
  };

  it('are users and groups, as RFC 7643 section 8.6 shapes them', async () => {
    const { body } = await openDoor().send('GET', '/ResourceTypes');
    expect(body).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 2,
      itemsPerPage: 2,
      startIndex: 1,
      Resources: [user, group],
    });
  });

  it.each([
    ['User', user],
    ['group', group],
  ])('are read one by one: %s', async (name, expected) => {
    const { send } = openDoor();
    expect((await send('GET', `/ResourceTypes/${name}`)).body).toEqual(expected);
    detailOf(await send('GET', `/ResourceTypes/${name}s`), 404);
  });
});

describe('Schemas', () => {
  const all = async () =>
    (await openDoor().send('GET', '/Schemas')).body.Resources as Record<string, unknown>[];

  it('are all that any schemas attribute names', async () => {
    expect((await all()).map(({ id }) => id)).toEqual([
      `${CORE}:User`,
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
      'urn:agent-provisioner:params:scim:schemas:extension:agent:1.0:User',
      `${CORE}:Group`,
      `${CORE}:ServiceProviderConfig`,
      `${CORE}:ResourceType`,
      `${CORE}:Schema`,
    ]);
  });

  it('are read one by one, by URN in any case, escaped or not', async () => {
    const { send } = openDoor();
    for (const schema of await all()) {
      const id = String(schema.id);
      for (const written of [id, encodeURIComponent(id), id.toUpperCase()]) {
        const { status, body } = await send('GET', `/Schemas/${written}`);
        expect({ status, body }).toEqual({ status: 200, body: schema });
      }
    }
    detailOf(await send('GET', '/Schemas/urn:nothing'), 404);
  });

  it('describe themselves: each attribute has what the Schema schema requires, and nothing else', async () => {
    const schemas = await all();
    const own = schemas.find(({ id }) => id === `${CORE}:Schema`);
    const described = attributesOf(own).find(({ name }) => name === 'attributes');
    const known = new Set(described?.subAttributes?.map(({ name }) => name));
    const check = (attributes: readonly AttributeJson[]) => {
      for (const attribute of attributes) {
        expect(Object.keys(attribute).filter((name) => !known.has(name))).toEqual([]);
        expect(attribute).toMatchObject({
          name: expect.stringMatching(/^[$a-z][\w-]*$/i),
          type: expect.stringMatching(/^(string|boolean|decimal|integer|dateTime|reference|complex|binary)$/),
          multiValued: expect.any(Boolean),
          description: expect.stringMatching(/./),
          required: expect.any(Boolean),
          mutability: expect.stringMatching(/^(readOnly|readWrite|immutable|writeOnly)$/),
          returned: expect.stringMatching(/^(always|never|default|request)$/),
          uniqueness: expect.stringMatching(/^(none|server|global)$/),
        });
        expect('subAttributes' in attribute).toBe(attribute.type === 'complex');
        check(attribute.subAttributes ?? []);
      }
    };
    for (const schema of schemas) {
      expect(schema).toMatchObject({
        schemas: [`${CORE}:Schema`],
        name: expect.stringMatching(/./),
        description: expect.stringMatching(/./),
        meta: { resourceType: 'Schema', location: `${BASE}/Schemas/${schema.id}` },
      });
      check(schema.attributes as AttributeJson[]);
    }
  });

  it('have every attribute that the documents of the service itself have', async () => {
    const { send } = openDoor();
    const schemas = await all();
    const namesOf = (urn: unknown) =>
      new Set(attributesOf(schemas.find(({ id }) => id === urn)).map(({ name }) => name));
    for (const path of ['/ServiceProviderConfig', '/ResourceTypes/User', `/Schemas/${CORE}:User`]) {
      const { body } = await send('GET', path);
      const known = namesOf((body.schemas as string[])[0]);
      const unknown = Object.keys(body).filter((name) => !known.has(name));
      expect(unknown.filter((name) => !['schemas', 'meta'].includes(name))).toEqual([]);
    }
  });
});

describe('a list of what the service provider is', () => {
  it.each(['/Schemas', '/ResourceTypes'])('can not be filtered (RFC 7644 section 4): %s', async (path) => {
    const { send } = openDoor();
    detailOf(await send('GET', path, { query: { filter: 'id eq "User"' } }), 403);
    const paged = await send('GET', path, { query: { startIndex: '2', count: '1', sortBy: 'id' } });
    expect(paged.body).toEqual((await send('GET', path)).body);
  });
});

describe('discovery', () => {
  const open: DoorOptions = { tenant: { scim: { profile: 'auto', discovery: 'open', jwt: [] } } };
  const nobody = { headers: { authorization: undefined } };

  it.each(['/ServiceProviderConfig', '/ResourceTypes', '/ResourceTypes/User', '/Schemas'])(
    'takes a token unless the tenant opens it: %s',
    async (path) => {
      const closed = await openDoor().send('GET', path, nobody);
      detailOf(closed, 401);
      expect(closed.headers['www-authenticate']).toMatch(/^Bearer\b/);
      expect((await openDoor(open).send('GET', path, nobody)).status).toBe(200);
      detailOf(await openDoor(open).send('GET', path, { headers: { authorization: 'Bearer wrong' } }), 401);
    },
  );

  it('that is open opens nothing else', async () => {
    const { send } = openDoor(open);
    for (const path of ['/Users', '/Groups', '/Me', '/', '/.search']) {
      detailOf(await send('GET', path, nobody), 401);
    }
    detailOf(await send('POST', '/Schemas', { ...nobody, body: {} }), 401);
  });
});

describe('a method that an endpoint does not answer to', () => {
  it.each([
    ['PUT', '/Users', 'GET, POST'],
    ['DELETE', '/Users', 'GET, POST'],
    ['PATCH', '/Groups', 'GET, POST'],
    ['POST', '/Users/1', 'GET, PUT, PATCH, DELETE'],
    ['POST', '/Groups/1', 'GET, PUT, PATCH, DELETE'],
    ['GET', '/Users/.search', 'POST'],
    ['GET', '/.search', 'POST'],
    ['GET', '/Bulk', 'POST'],
    ['POST', '/ServiceProviderConfig', 'GET'],
    ['PUT', '/Schemas', 'GET'],
    ['DELETE', '/Schemas/urn:x', 'GET'],
    ['PATCH', '/ResourceTypes', 'GET'],
    ['POST', '/Me', 'GET, PUT, PATCH, DELETE'],
    ['OPTIONS', '/Users', 'GET, POST'],
    ['TRACE', '/Users', 'GET, POST'],
    ['toString', '/Users', 'GET, POST'],
  ])('is refused with those that it does: %s %s', async (method, path, allow) => {
    const body = /^P/.test(method) ? {} : undefined;
    const answer = await openDoor().send(method, path, { body });
    expect(detailOf(answer, 405)).toContain(allow);
    expect(answer.headers.allow).toBe(allow);
  });

  it('may be HEAD, which is a GET whose answer has no body', async () => {
    const { send } = openQuietDoor();
    const answer = await send('HEAD', '/ServiceProviderConfig');
    expect(answer).toMatchObject({ status: 200, body: {} });
    expect((await send('HEAD', '/Users/nobody')).status).toBe(404);
  });
});
