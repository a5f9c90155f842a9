import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { behindOrigin, ORIGIN_HEADER } from '../../functions/runtime/origin.ts';
import { openDoor, TOKEN } from '../scim/door.ts';
import { contextWith, scimEvent } from '../scim/event.ts';

const KEY = 'k'.repeat(64);
const CLOSED = { ORIGIN_KEY: KEY, PUBLIC_HOST: 'scim.example.com', ORIGIN_DOOR: 'closed' };

/** A look at a user by the SCIM door of a function with this environment. */
async function look(environment: NodeJS.ProcessEnv, shown?: string) {
  const door = openDoor();
  const { body: person } = await door.create({ userName: 'ann@example.com' });
  const counted: unknown[] = [];
  const metrics = { count: (...each: unknown[]) => void counted.push(each), gauge: () => {}, time: () => {} };
  const handler = behindOrigin(environment, metrics, door.handler);
  const event = scimEvent('GET', `/demo/scim/v2/Users/${person.id}`, {
    headers: { authorization: `Bearer ${TOKEN}`, [ORIGIN_HEADER]: shown },
  });
  const { statusCode, body = '' } = (await handler(
    event,
    contextWith(),
  )) as APIGatewayProxyStructuredResultV2;
  return { statusCode, answer: JSON.parse(body), counted };
}

describe('behind CloudFront', () => {
  it('what came by it is answered, and in its name', async () => {
    const { statusCode, answer } = await look(CLOSED, KEY);
    expect(statusCode).toBe(200);
    expect(answer.meta.location).toMatch(/^https:\/\/scim\.example\.com\/demo\/scim\/v2\/Users\//);
  });

  it.each([undefined, '', 'guess', KEY.slice(1), `${KEY}k`])(
    'what came past it is refused, whatever token it has, and counted: %s',
    async (shown) => {
      const { statusCode, answer, counted } = await look(CLOSED, shown);
      expect(statusCode).toBe(403);
      expect(answer.detail).toBe(
        'This address is closed: requests are answered at https://scim.example.com alone.',
      );
      expect(counted).toEqual([['Rejected', { tenant: 'none', reason: 'origin' }]]);
    },
  );

  it('what came past it is answered, while both ways are open, in the name that was asked', async () => {
    const { statusCode, answer } = await look({ ...CLOSED, ORIGIN_DOOR: 'open' });
    expect(statusCode).toBe(200);
    expect(answer.meta.location).toMatch(/^https:\/\/id\.execute-api\./);
  });

  it('is no way to choose the name that answers have, where nothing stands in front', async () => {
    const { statusCode, answer } = await look({}, KEY);
    expect(statusCode).toBe(200);
    expect(answer.meta.location).toMatch(/^https:\/\/id\.execute-api\./);
  });
});
