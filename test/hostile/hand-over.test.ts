import { describe, expect, it } from 'vitest';
import { expectSecret, openStates } from '../../functions/events/source-state.ts';
import { type Hooks, openHooks } from '../webhook/hooks.ts';

const MINUTE = 60_000;

function open(secrets: readonly string[] = []): Hooks & { writes: () => number } {
  let writes = 0;
  const hooks = openHooks({
    sources: { pay: { preset: 'gusto', fetch: {} } },
    secrets: { pay: secrets },
    services: ({ directory }) => ({
      directory: {
        ...directory,
        writeDocument: (...args) => {
          writes += 1;
          return directory.writeDocument(...args);
        },
        appendHistory: (...args) => {
          writes += 1;
          return directory.appendHistory(...args);
        },
      },
    }),
  });
  return { ...hooks, writes: () => writes };
}

const handOver = async (hooks: Hooks, token: string) =>
  (await hooks.send('pay', { body: { verification_token: token } })).status;
const expectOne = (hooks: Hooks, minutes = 15) =>
  expectSecret(openStates(hooks.services), 'demo', 'pay', hooks.clock.now() + minutes * MINUTE);
const kept = async (hooks: Hooks) =>
  (
    (await hooks.directory.readDocument('demo', 'source:pay'))?.body.handedOver as
      | { token: string }
      | undefined
  )?.token;

describe('a secret that is handed over', () => {
  it('is kept by nobody who does not expect it, and 50 of them write no more than the log of refusals may', async () => {
    const hooks = open();
    for (let index = 0; index < 50; index += 1) {
      expect(await handOver(hooks, `token-of-a-stranger-${index}`)).toBe(401);
    }
    expect(await kept(hooks)).toBeUndefined();
    expect(hooks.writes()).toBeLessThanOrEqual(20);
    expect(hooks.numbers.of('Rejected')).toEqual({ 'no-signature': 50 });
  });

  it('is kept while it is expected: the first one, and no other', async () => {
    const hooks = open();
    await expectOne(hooks);
    expect(await handOver(hooks, 'token-of-gusto')).toBe(200);
    expect(await handOver(hooks, 'token-of-a-stranger')).toBe(401);
    // Gusto may send its own again.
    expect(await handOver(hooks, 'token-of-gusto')).toBe(200);
    expect(await kept(hooks)).toBe('token-of-gusto');
  });

  it('is kept no longer than it is expected', async () => {
    const hooks = open();
    await expectOne(hooks, 15);
    hooks.clock.advance(16 * MINUTE);
    expect(await handOver(hooks, 'token-of-gusto')).toBe(401);
    expect(await kept(hooks)).toBeUndefined();
  });

  it('is not kept where the source has a secret', async () => {
    const hooks = open(['the-secret-of-pay']);
    await expectOne(hooks);
    expect(await handOver(hooks, 'token-of-gusto')).toBe(401);
    expect(await kept(hooks)).toBeUndefined();
  });

  it('is forgotten when another one is expected', async () => {
    const hooks = open();
    await expectOne(hooks);
    await handOver(hooks, 'token-of-gusto-1');
    await expectOne(hooks);
    hooks.clock.advance(MINUTE);
    expect(await handOver(hooks, 'token-of-gusto-2')).toBe(200);
    expect(await kept(hooks)).toBe('token-of-gusto-2');
  });
});
