import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { mintToken } from '../../functions/smartassist/token.ts';

const CREDENTIALS = { clientId: 'cs-Demo-1', clientSecret: 'ein Geheimnis mit ü und €, c2VjcmV0' };
const NOW = Date.parse('2026-11-23T10:00:00.999Z');
const JTI = '6b1e7c9a-0f0e-4c7e-9f61-3d3c1f0f7a11';
const ALL = { iat: true, exp: true, jti: true };

/** Signed by hand with HMAC-SHA-256 over the secret's UTF-8 bytes, without the library that the product signs with. */
const GOLDEN =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhZ2VudC1wcm92aXNpb25lciIsImFwcElkIjoiY3MtRGVtby0xIiwiaWF0IjoxNzk1NDI4MDAwLCJleHAiOjE3OTU0MjgwNjAsImp0aSI6IjZiMWU3YzlhLTBmMGUtNGM3ZS05ZjYxLTNkM2MxZjBmN2ExMSJ9.uMZEWasG3PeOhUpYGX8Phv_3joXxulhxhQDnOvwYsRw';

const partsOf = (token: string) =>
  token
    .split('.')
    .slice(0, 2)
    .map((part): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));

it('is, byte for byte, the golden token', async () => {
  expect(await mintToken(CREDENTIALS, ALL, NOW, JTI)).toBe(GOLDEN);
});

it('carries what SmartAssist documents and is good for a minute', async () => {
  expect(partsOf(await mintToken(CREDENTIALS, ALL, NOW, JTI))).toEqual([
    { alg: 'HS256', typ: 'JWT' },
    {
      sub: 'agent-provisioner',
      appId: 'cs-Demo-1',
      iat: Date.parse('2026-11-23T10:00:00Z') / 1000,
      exp: Date.parse('2026-11-23T10:01:00Z') / 1000,
      jti: JTI,
    },
  ]);
});

it.each(['iat', 'exp', 'jti'] as const)('goes without %s where the tenant says so', async (claim) => {
  const [, whole] = partsOf(await mintToken(CREDENTIALS, ALL, NOW, JTI));
  const [, claims] = partsOf(await mintToken(CREDENTIALS, { ...ALL, [claim]: false }, NOW, JTI));
  const { [claim]: _, ...rest } = whole as Record<string, unknown>;
  expect(claims).toEqual(rest);
});

it('goes with nothing but the documented payload where all others are switched off', async () => {
  const [, claims] = partsOf(await mintToken(CREDENTIALS, { iat: false, exp: false, jti: false }, NOW, JTI));
  expect(claims).toEqual({ sub: 'agent-provisioner', appId: 'cs-Demo-1' });
});

it('is keyed with the text of the secret, also where it looks like base64', async () => {
  const clientSecret = 'c2VjcmV0IHNlY3JldCBzZWNyZXQ=';
  const token = await mintToken({ ...CREDENTIALS, clientSecret }, ALL, NOW, JTI);
  const signed = token.slice(0, token.lastIndexOf('.'));
  const signature = createHmac('sha256', clientSecret).update(signed).digest('base64url');
  expect(token).toBe(`${signed}.${signature}`);
});
