import { describe, expect, it } from 'vitest';
import { ada, detailOf, openDoor, provisioningOf } from './door.ts';

const BASE = 'https://id.execute-api.eu-central-1.amazonaws.com/demo/scim/v2';

describe('a person who is created', () => {
  it('becomes an agent by one call, once the names are known', async () => {
    const { create, simulator } = openDoor();
    const first = await create(ada());
    expect(first.status).toBe(201);
    expect(provisioningOf(first).state).toBe('provisioned');
    const before = simulator.calls().total;
    const second = await create(ada({ userName: 'bob', emails: [{ value: 'bob@example.com' }] }));
    expect(second.status).toBe(201);
    expect(simulator.calls().total - before).toBe(1);
    expect(simulator.calls()).toMatchObject({ 'POST /agents': 2 });
    expect(simulator.agents().map(({ emailId }) => emailId)).toEqual([
      'ada.lovelace@example.com',
      'bob@example.com',
    ]);
  });

  it('is answered with an address, a version and when it was made', async () => {
    const { create } = openDoor();
    const { body, headers } = await create(ada());
    expect(body).toMatchObject({
      schemas: expect.arrayContaining(['urn:ietf:params:scim:schemas:core:2.0:User']),
      userName: 'ada@example.com',
      externalId: '00u1',
      meta: {
        resourceType: 'User',
        location: `${BASE}/Users/${body.id}`,
        created: '2026-11-23T10:00:00.000Z',
        lastModified: '2026-11-23T10:00:00.000Z',
        version: expect.stringMatching(/^W\/".+"$/),
      },
    });
    const { location, version } = body.meta as Record<string, string>;
    expect(headers).toMatchObject({ location, etag: version, 'cache-control': 'no-store' });
    expect(headers['content-type']).toMatch(/^application\/scim\+json\b/);
  });

  it('is never answered or stored with a password', async () => {
    const { create, stored } = openDoor();
    const { body } = await create(ada({ password: 'hunter2' }));
    expect(JSON.stringify([body, await stored()])).not.toContain('hunter2');
  });

  it('waits without a call where the rules make no agent of it', async () => {
    const { create, simulator } = openDoor();
    const answer = await create(ada({ active: false }));
    expect(answer.status).toBe(201);
    expect(provisioningOf(answer).state).toBe('waiting');
    expect(simulator.calls()).not.toHaveProperty('POST /agents');
  });
});

describe('a userName that is taken', () => {
  it('is a conflict, whatever its case, and costs no call', async () => {
    const { create, simulator, stored } = openDoor();
    await create(ada());
    const before = simulator.calls().total;
    const again = await create(ada({ userName: 'ADA@Example.COM' }));
    expect(detailOf(again, 409, 'uniqueness')).toContain('ADA@Example.COM');
    expect(simulator.calls().total).toBe(before);
    expect(await stored()).toHaveLength(1);
  });

  it('is taken by one of two who come at the same time', async () => {
    const { create, simulator, stored } = openDoor();
    const answers = await Promise.all([create(ada()), create(ada({ userName: 'ADA@example.com' }))]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(await stored()).toHaveLength(1);
    expect(simulator.agents()).toHaveLength(1);
  });

  it('of one tenant is free in another', async () => {
    const { create, send, stored } = openDoor();
    await create(ada());
    const other = await send('POST', '/other/scim/v2/Users', {
      headers: { authorization: 'Bearer token-of-other' },
      body: ada({ emails: [{ value: 'other@example.com' }] }),
    });
    expect(other.status).toBe(201);
    expect(await stored()).toHaveLength(1);
  });
});

describe('an address', () => {
  it('has the stage in it where the API has a named one', async () => {
    const { create, send } = openDoor();
    const { status, body, headers } = await create(ada(), { stage: 'prod' });
    expect(status).toBe(201);
    expect(headers.location).toBe(
      `https://id.execute-api.eu-central-1.amazonaws.com/prod/demo/scim/v2/Users/${body.id}`,
    );
    expect((await send('GET', `/Users/${body.id}`, { stage: 'prod' })).body.meta).toMatchObject({
      location: headers.location,
    });
  });

  it('is plain http where the client came by it', async () => {
    const { create } = openDoor();
    const { headers } = await create(ada(), { headers: { 'x-forwarded-proto': 'http' } });
    expect(headers.location).toMatch(/^http:\/\//);
  });

  it.each(['/demo/SCIM/V2/users', '/demo/scim/v2/Users/'])('may be written %s', async (path) => {
    expect((await openDoor().send('POST', path, { body: ada() })).status).toBe(201);
  });

  it.each(['/demo/scim/v2/Nothing', '/demo/scim/v1/Users', '/demo/scim/v2/Users/1/2'])(
    'that leads nowhere is not found: %s',
    async (path) => {
      detailOf(await openDoor().send('GET', path), 404);
    },
  );
});

describe('whatever goes wrong on our side', () => {
  const broken = () =>
    openDoor({
      services: ({ directory }) => ({
        directory: {
          ...directory,
          createPerson: () => Promise.reject(new Error('the table is gone')),
        },
      }),
    });

  it('is a 500 with the id under which the log has the reason', async () => {
    const { create, logged } = broken();
    const answer = await create(ada());
    expect(detailOf(answer, 500)).toContain('c6af9ac6-7b61-11e6-9a41-93e8deadbeef');
    expect(JSON.stringify(answer)).not.toContain('the table is gone');
    const line = logged.find((text) => text.includes('the table is gone'));
    expect(line).toContain('"correlationId":"c6af9ac6-7b61-11e6-9a41-93e8deadbeef"');
    expect(logged.join()).not.toMatch(/lovelace|1234-567/i);
  });

  it('is found under the id that the client gave, as far as it is fit for a log', async () => {
    const { create, logged } = broken();
    const answer = await create(ada(), { headers: { 'x-correlation-id': 'abc-1\n{"level":"x"}' } });
    expect(answer.headers['x-correlation-id']).toBe('abc-1level:x');
    expect(logged.at(-1)).toContain('"correlationId":"abc-1level:x"');
    const long = await create(ada(), { headers: { 'x-correlation-id': 'x'.repeat(200) } });
    expect(long.headers['x-correlation-id']).toBe('x'.repeat(64));
  });
});
