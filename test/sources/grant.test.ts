import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import type { TenantProvisioning } from '../../functions/provision/tenant.ts';
import { FetchError, type RefreshedTokens } from '../../functions/sources/fetcher.ts';
import { keepGrant } from '../../functions/sources/grant.ts';

const KEY = 'k'.repeat(43);
const HOUR_MS = 3_600_000;

/** A provider whose refresh tokens are good for one use, and functions that share a directory. */
function open() {
  let now = Date.parse('2026-11-23T10:00:00Z');
  const clock = { now: () => now, sleep: async () => {} };
  const directory = openDirectory(memoryTable(clock), clock);
  const used: string[] = [];
  const refresh = async (refreshToken: string): Promise<RefreshedTokens> => {
    used.push(refreshToken);
    const made = used.length;
    return { accessToken: `access-${made}`, refreshToken: `refresh-${made}`, expiresInSeconds: 7_200 };
  };
  const grantOf = (source = 'people', keys: readonly string[] = [KEY], stored = directory, tenant = 'demo') =>
    keepGrant({ name: tenant } as TenantProvisioning, { directory: stored, clock }, source, keys);
  return {
    directory,
    used,
    refresh,
    grantOf,
    grant: grantOf(),
    stored: async () => (await directory.readDocument('demo', 'grant:people'))?.body,
    advance: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

const broken = async (): Promise<RefreshedTokens> => {
  throw new FetchError('the provider answered 500');
};

describe('an access token', () => {
  it('is used by all functions until its last minute', async () => {
    const { grant, grantOf, refresh, used, advance } = open();
    expect(await grant.accessToken('first', refresh)).toBe('access-1');
    expect(await grantOf().accessToken('first', refresh)).toBe('access-1');
    advance(2 * HOUR_MS - 60_001);
    expect(await grant.accessToken('first', refresh)).toBe('access-1');
    advance(1);
    expect(await grant.accessToken('first', refresh)).toBe('access-2');
    expect(used).toEqual(['first', 'refresh-1']);
  });

  it('that was refused is not used again, and what comes in its place is', async () => {
    const { grant, refresh, used, stored, advance } = open();
    await grant.accessToken('first', refresh);
    await grant.refused();
    const refusedAt = (await stored())?.refusedAt;
    expect(refusedAt).toBe('2026-11-23T10:00:00.000Z');
    advance(1_000);
    await grant.refused();
    expect((await stored())?.refusedAt).toBe(refusedAt);
    expect(await grant.accessToken('first', refresh)).toBe('access-2');
    expect(await grant.accessToken('first', refresh)).toBe('access-2');
    expect(used).toEqual(['first', 'refresh-1']);
    expect(await stored()).not.toHaveProperty('refusedAt');
  });

  it('of which nothing is kept yet can not be refused', async () => {
    const { grant, stored } = open();
    await grant.refused();
    expect(await stored()).toBeUndefined();
  });

  it('of another tenant or source is another one', async () => {
    const { grant, grantOf, refresh, directory, used } = open();
    await grant.accessToken('first', refresh);
    await grantOf('others').accessToken('first', refresh);
    expect(used).toEqual(['first', 'first']);
    // What is copied from one place to another opens nothing there.
    const copied = (await directory.readDocument('demo', 'grant:people'))?.body ?? {};
    await directory.writeDocument('demo', 'grant:copy', copied);
    await directory.writeDocument('other', 'grant:people', copied);
    await grantOf('copy').accessToken('first', refresh);
    await grantOf('people', [KEY], directory, 'other').accessToken('first', refresh);
    expect(used).toEqual(['first', 'first', 'first', 'first']);
  });

  it('is asked for with the refresh token of the secret once that is another one', async () => {
    const { grant, refresh, used } = open();
    await grant.accessToken('first', refresh);
    expect(await grant.accessToken('second', refresh)).toBe('access-2');
    expect(await grant.accessToken('second', refresh)).toBe('access-2');
    expect(used).toEqual(['first', 'second']);
  });

  it('needs a key to be kept with, and asks nobody without one', async () => {
    const { grantOf, refresh, used } = open();
    await expect(grantOf('people', []).accessToken('first', refresh)).rejects.toMatchObject({
      isPermanent: true,
      message: expect.stringContaining('add a key'),
    });
    expect(used).toEqual([]);
  });
});

describe('a refreshing', () => {
  it('is done by one function; another one is asked to come again in a moment', async () => {
    const { grant, grantOf, refresh, used } = open();
    let answered = () => {};
    const asked = new Promise<void>((resolve) => {
      answered = resolve;
    });
    const first = grant.accessToken('first', async (token) => {
      await asked;
      return refresh(token);
    });
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    await expect(grantOf().accessToken('first', refresh)).rejects.toMatchObject({
      isPermanent: false,
      retryAfterMs: 3_000,
    });
    answered();
    expect(await first).toBe('access-1');
    expect(await grantOf().accessToken('first', refresh)).toBe('access-1');
    expect(used).toEqual(['first']);
  });

  it('of a function that died is done by another one half a minute later, with the same token', async () => {
    const { grant, grantOf, refresh, used, advance } = open();
    void grant.accessToken('first', () => new Promise(() => {}));
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    advance(29_999);
    await expect(grantOf().accessToken('first', refresh)).rejects.toThrow('another function');
    advance(1);
    expect(await grantOf().accessToken('first', refresh)).toBe('access-1');
    expect(used).toEqual(['first']);
  });

  it('that failed may be tried again at once, with the token that is good yet', async () => {
    const { grant, refresh, used, stored, advance } = open();
    await grant.accessToken('first', refresh);
    advance(3 * HOUR_MS);
    await expect(grant.accessToken('first', broken)).rejects.toThrow('the provider answered 500');
    expect(await stored()).not.toHaveProperty('refreshingUntil');
    expect(await grant.accessToken('first', refresh)).toBe('access-2');
    expect(used).toEqual(['first', 'refresh-1']);
  });

  it('that another function has just ended is not done once more', async () => {
    const { grant, grantOf, refresh, used, directory } = open();
    await grant.accessToken('first', refresh);
    let isFirst = true;
    // What this function read was read before the other one wrote.
    const behind: typeof directory = {
      ...directory,
      readDocument: async (...asked) => {
        if (!isFirst) return directory.readDocument(...asked);
        isFirst = false;
        return undefined;
      },
    };
    expect(await grantOf('people', [KEY], behind).accessToken('first', refresh)).toBe('access-1');
    expect(used).toEqual(['first']);
  });

  it('leaves what a newer version has stored beside it', async () => {
    const { grant, refresh, stored, directory } = open();
    await directory.writeDocument('demo', 'grant:people', { scopes: ['employees:read'] });
    await grant.accessToken('first', refresh);
    await grant.refused();
    expect(await stored()).toMatchObject({ scopes: ['employees:read'], sealed: expect.any(String) });
  });
});
