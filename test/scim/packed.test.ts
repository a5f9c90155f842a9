import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { ada, openDoor, TOKEN } from './door.ts';
import { contextWith, scimEvent } from './event.ts';

async function listed(acceptEncoding: string | undefined, count = '60') {
  const door = openDoor();
  for (let index = 0; index < 60; index += 1) {
    await door.create(
      ada({ userName: `u${index}`, externalId: `${index}`, emails: undefined, active: false }),
    );
  }
  const headers = { authorization: `Bearer ${TOKEN}`, 'accept-encoding': acceptEncoding };
  return door.handler(scimEvent('GET', '/demo/scim/v2/Users', { headers, query: { count } }), contextWith());
}

it.each(['gzip', 'gzip, deflate, br', 'deflate;q=1, GZIP;q=0.5', '*', 'x-gzip'])(
  'a long list is packed for a client that takes %s',
  async (acceptEncoding) => {
    const { statusCode, headers, body = '', isBase64Encoded } = await listed(acceptEncoding);
    expect({ statusCode, isBase64Encoded }).toEqual({ statusCode: 200, isBase64Encoded: true });
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    const text = gunzipSync(Buffer.from(body, 'base64')).toString();
    expect(JSON.parse(text)).toMatchObject({ totalResults: 60, itemsPerPage: 60 });
    expect(body.length).toBeLessThan(text.length / 4);
  },
);

it.each([undefined, '', 'identity', 'br', 'gzip;q=0', 'gzip;q=0.000, *', '*;q=0'])(
  'it comes as it is for one that takes %j',
  async (acceptEncoding) => {
    const { headers, body = '', isBase64Encoded } = await listed(acceptEncoding);
    expect(isBase64Encoded).toBeUndefined();
    expect(headers).toMatchObject({ vary: 'accept-encoding' });
    expect(headers).not.toHaveProperty('content-encoding');
    expect(JSON.parse(body)).toMatchObject({ itemsPerPage: 60 });
  },
);

it('a short one comes as it is', async () => {
  const { headers, body = '' } = await listed('gzip', '2');
  expect(headers).not.toHaveProperty('content-encoding');
  expect(JSON.parse(body)).toMatchObject({ itemsPerPage: 2 });
});
