import { describe, expect, it } from 'vitest';
import { openLimits } from '../../functions/runtime/limits.ts';
import { openNumbers } from '../runtime/numbers.ts';
import { openDoor, TOKEN } from '../scim/door.ts';
import { openHooks } from '../webhook/hooks.ts';

const RATES = { scim: { perSecond: 10, atOnce: 20 }, strangers: { perSecond: 2, atOnce: 5 } };
const SECRET = 'a-secret-of-some-length';

async function times<Answer>(count: number, work: (index: number) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let index = 0; index < count; index += 1) answers.push(await work(index));
  return answers;
}
const tally = (answers: readonly { status: number }[]) =>
  Object.fromEntries([...Map.groupBy(answers, ({ status }) => status)].map(([key, of]) => [key, of.length]));

function openScim(discovery: 'token' | 'open' = 'token') {
  const numbers = openNumbers();
  const door = openDoor({
    limits: (clock) => openLimits(clock, RATES),
    services: () => ({ metrics: numbers }),
    tenant: { scim: { profile: 'auto', discovery, jwt: [] } },
  });
  const ask = (token: string, path = '/Users') =>
    door.send('GET', path, { headers: { authorization: `Bearer ${token}` } });
  return { ...door, numbers, ask };
}

function openGuarded() {
  return openHooks({
    sources: { auth0: { preset: 'auth0' } },
    secrets: { auth0: [SECRET] },
    limits: (clock) => openLimits(clock, RATES),
  });
}

describe('requests by SCIM', () => {
  it('are limited a tenant, with the seconds to wait, and go on afterwards', async () => {
    const { ask, clock, numbers } = openScim();
    const answers = await times(25, () => ask(TOKEN));
    expect(tally(answers)).toEqual({ 200: 20, 429: 5 });
    expect(answers.at(-1)).toMatchObject({
      headers: { 'retry-after': '1' },
      body: { status: '429', detail: expect.stringContaining('send it again in 1 s') },
    });
    expect(numbers.of('Limited')).toEqual({ scim: 5 });
    expect(numbers.of('Rejected')).toEqual({});
    clock.advance(1_000);
    expect(tally(await times(12, () => ask(TOKEN)))).toEqual({ 200: 10, 429: 2 });
  });

  it('of one tenant take nothing from another', async () => {
    const { ask } = openScim();
    await times(25, () => ask(TOKEN));
    expect((await ask('token-of-other', '/other/scim/v2/Users')).status).toBe(200);
  });

  it('that prove nothing are limited, and take nothing from those that prove themselves', async () => {
    const { ask, numbers, logged } = openScim();
    const answers = await times(50, () => ask('guessed'));
    expect(tally(answers)).toEqual({ 401: 5, 429: 45 });
    expect(answers.at(-1)?.headers['retry-after']).toBe('1');
    expect(numbers.of('Limited')).toEqual({ stranger: 45 });
    expect(numbers.of('Rejected')).toEqual({ 'http-401': 5 });
    expect(logged.length).toBeLessThanOrEqual(5);
    expect(tally(await times(20, () => ask(TOKEN)))).toEqual({ 200: 20 });
  });

  it('that ask for what is open to all take nothing from those that prove themselves', async () => {
    const { send, ask } = openScim('open');
    const headers = { authorization: undefined } as unknown as Record<string, string>;
    const answers = await times(30, () => send('GET', '/Schemas', { headers }));
    expect(tally(answers)).toEqual({ 200: 5, 429: 25 });
    expect((await ask(TOKEN)).status).toBe(200);
  });

  it('tell nobody by the limit which tenants there are', async () => {
    const guess = async (tenant: string) => {
      const { ask } = openScim();
      return tally(await times(10, () => ask('guessed', `/${tenant}/scim/v2/Users`)));
    };
    for (const tenant of ['demo', 'nobody', '__proto__']) {
      expect(await guess(tenant), tenant).toEqual({ 401: 5, 429: 5 });
    }
  });
});

describe('requests of a source', () => {
  it('that prove nothing are limited, in memory alone', async () => {
    const hooks = openGuarded();
    let writes = 0;
    const { appendHistory } = hooks.directory;
    Object.assign(hooks.directory, {
      appendHistory: (...args: Parameters<typeof appendHistory>) => {
        writes += 1;
        return appendHistory(...args);
      },
    });
    const answers = await times(50, () =>
      hooks.send('auth0', { headers: { authorization: 'Bearer guessed' }, body: {} }),
    );
    expect(tally(answers)).toEqual({ 401: 5, 429: 45 });
    expect(answers.at(-1)?.headers['retry-after']).toBe('1');
    expect(hooks.numbers.of('Limited')).toEqual({ stranger: 45 });
    expect(hooks.numbers.of('Rejected')).toEqual({ 'bad-signature': 5 });
    expect(writes).toBeLessThanOrEqual(5);
    expect(hooks.logged.length).toBeLessThanOrEqual(5);
  });

  it('that prove themselves are stored, however many come and whatever strangers do', async () => {
    const hooks = openGuarded();
    await times(50, () => hooks.send('auth0', { body: {} }));
    const proven = await times(50, () =>
      hooks.send('auth0', {
        headers: { authorization: `Bearer ${SECRET}` },
        body: { type: 'nothing.of.ours' },
      }),
    );
    expect(tally(proven)[429]).toBeUndefined();
    expect(proven.every(({ status }) => status < 300)).toBe(true);
  });

  it('for sources and tenants that there are not are limited alike', async () => {
    for (const path of ['/demo/hooks/nothing', '/nobody/hooks/auth0', '/demo/hooks/auth0']) {
      const hooks = openGuarded();
      const answers = await times(10, () => hooks.send(path, { body: {} }));
      expect(tally(answers), path).toEqual({ 401: 5, 429: 5 });
    }
  });
});

describe('buckets', () => {
  it('are as many for a million names as for a thousand', () => {
    let now = 0;
    const limits = openLimits({ now: () => now, sleep: async () => {} }, RATES);
    let taken = 0;
    for (let index = 0; index < 1_000_000; index += 1) if (limits.ofStrangers(`t${index}`) === 0) taken += 1;
    expect(taken).toBe(64 * RATES.strangers.atOnce);
    now = 1_000;
    expect(limits.ofStrangers('t1')).toBe(0);
  });

  it('take nothing away when the clock is put back', () => {
    let now = 10_000;
    const limits = openLimits({ now: () => now, sleep: async () => {} }, RATES);
    expect(limits.ofScim('a')).toBe(0);
    now = 0;
    expect(limits.ofScim('a')).toBe(0);
  });
});
