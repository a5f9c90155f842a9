import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign as signWithKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compilePayloadPath } from '../../functions/scim-core/path/payload-path.ts';
import { openHooks, SECONDS, sign } from '../webhook/hooks.ts';
import { customSettings, fixture, textOf } from '../webhook/providers.ts';

const TEXT = 'a-secret-of-some-length';

describe('a source that the configuration describes', () => {
  it('brings people who come, change and leave', async () => {
    const hooks = openHooks({ sources: { people: customSettings }, secrets: { people: [TEXT] } });
    const say = async (step: string) => {
      const body = textOf(fixture('custom')[step]);
      const headers = {
        'x-timestamp': String(SECONDS),
        'x-signature': `sha256=${sign.hex(TEXT, `${SECONDS}.${body}`)}`,
      };
      expect((await hooks.send('people', { headers, body })).status).toBe(200);
      await hooks.settle();
    };
    await say('create');
    expect(hooks.agents().active).toEqual(['kim@custom.example']);
    expect((await hooks.person('kim@custom.example'))?.person).toMatchObject({
      name: { givenName: 'Kim', familyName: 'Custom' },
      emails: [{ type: 'work', value: 'kim@custom.example' }],
      active: true,
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Billing' },
    });
    await say('update');
    expect((await hooks.person('kim@custom.example'))?.person.name?.familyName).toBe('Kustom');
    await say('leave');
    expect(hooks.agents().active).toEqual([]);
  });
});

describe('a place in a payload', () => {
  const payload = {
    a: {
      b: [
        { c: 1, kind: 'x' },
        { c: 2, kind: 'y', on: true },
      ],
    },
    'two words': 'ok',
    empty: '',
    none: null,
  };
  it.each<[string, unknown[]]>([
    ['a.b.c', [1, 2]],
    ['a.b[kind eq "y"].c', [2]],
    ['a.b[on eq true and kind sw "y"].c', [2]],
    ['a.b[c gt 1].kind', ['y']],
    ['"two words"', ['ok']],
    ['empty | none | missing | a.b[kind eq "|"] | "two words"', ['ok']],
    ['"two words" eq "ok"', [true]],
    ['a.b.c eq 3', [false]],
    ['missing eq "x"', []],
    ['__proto__', []],
    ['constructor.name', []],
  ])('%s reads what stands there', (path, values) => {
    expect(compilePayloadPath(path)(payload)).toEqual(values);
  });

  it.each(['', '.', 'a.', 'a..b', 'a[', 'a[x eq]', 'a b', 'a | '])('"%s" is none', (path) => {
    expect(() => compilePayloadPath(path)).toThrow();
  });
});

it('asymmetric signatures of Standard Webhooks open, and no others', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const whpk = `whpk_${publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')}`;
  const hooks = openHooks({
    sources: { s: { preset: 'standard-webhooks', publicKeys: [whpk] } },
    secrets: {},
  });
  const body = textOf(fixture('standard-webhooks').create);
  const send = (signed: string, content = body, stamp = SECONDS) =>
    hooks.send('s', {
      body: content,
      headers: { 'webhook-id': 'msg_1', 'webhook-timestamp': String(stamp), 'webhook-signature': signed },
    });
  const right = (stamp = SECONDS) =>
    `v1a,${signWithKey(null, Buffer.from(`msg_1.${stamp}.${body}`), privateKey).toString('base64')}`;
  const another = signWithKey(null, Buffer.from(body), generateKeyPairSync('ed25519').privateKey).toString(
    'base64',
  );
  for (const wrong of [
    '',
    'v1a,',
    `v1a,${another}`,
    right().replace('v1a', 'v1'),
    `${right()}, ${right()}`,
  ]) {
    expect((await send(wrong)).status, wrong).toBe(401);
  }
  expect((await send(right(), `${body} `)).status).toBe(401);
  expect((await send(right(SECONDS - 600), body, SECONDS - 600)).status).toBe(401);
  expect(await hooks.stored()).toEqual([]);
  expect((await send(`v1,AAAA ${right()}`)).status).toBe(200);
});

it('the script of the documentation signs what opens the door', async () => {
  const secret = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`;
  const input = textOf(fixture('standard-webhooks').create);
  const { stdout, status } = spawnSync(process.execPath, ['cli/sign-webhook.ts'], {
    env: { PATH: process.env.PATH, SIGNING_SECRET: secret },
    input,
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  const [head = '', body = ''] = stdout.trimEnd().split('\n\n');
  const headers = Object.fromEntries(head.split('\n').map((line) => line.split(': ') as [string, string]));
  const clock = { now: () => Date.now(), sleep: async () => {} };
  const hooks = openHooks({
    sources: { s: { preset: 'standard-webhooks' } },
    secrets: { s: [secret] },
    services: () => ({ clock }),
  });
  expect((await hooks.send('s', { headers, body })).status).toBe(200);
  expect(await hooks.stored()).toHaveLength(1);
});
