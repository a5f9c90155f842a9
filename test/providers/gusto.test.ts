import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../../functions/runtime/transport.ts';
import { SECRET as DOOR } from '../webhook/hooks.ts';
import { fixture } from '../webhook/providers.ts';
import { answer, pass, talkTo } from './saying.ts';

const KEY = 'a key of the door secret, 32 characters';
const HOUR_MS = 3_600_000;

/**
 * Gusto as its pages say: an access token lives for two hours and is refused 401 then, each refreshing gives a new refresh
 * token, and the one before is revoked when the new access token is used first.
 * @see https://docs.gusto.com/embedded-payroll/reference/refresh-access-token
 */
function gusto(now: () => number) {
  const good = new Set(['refresh-0']);
  let last: { access: string; until: number; replaces: string } | undefined;
  let made = 0;
  const refreshes: string[] = [];
  const provider = ({ url, headers, body = '' }: HttpRequest): HttpResponse => {
    if (new URL(url).pathname === '/oauth/token') {
      const { refresh_token: given, client_id, client_secret, grant_type } = JSON.parse(String(body));
      expect([client_id, client_secret, grant_type]).toEqual(['client', 'client-secret', 'refresh_token']);
      if (!good.has(given)) return answer({ error: 'invalid_grant' }, 400);
      refreshes.push(given);
      made += 1;
      good.add(`refresh-${made}`);
      last = { access: `access-${made}`, until: now() + 2 * HOUR_MS, replaces: given };
      return answer({
        access_token: last.access,
        refresh_token: `refresh-${made}`,
        expires_in: 7_200,
        token_type: 'bearer',
      });
    }
    if (last === undefined || headers?.authorization !== `Bearer ${last.access}` || now() >= last.until) {
      return answer({ error: 'invalid_token' }, 401);
    }
    good.delete(last.replaces);
    return answer(fixture('gusto').person);
  };
  return {
    provider,
    refreshes,
    /** The access token is taken back before its time. */
    revoke: () => {
      if (last !== undefined) last = { ...last, until: 0 };
    },
    /** The administrator authorizes the application anew. */
    authorize: (token: string) => {
      good.clear();
      good.add(token);
    },
  };
}

function open(credentials: readonly string[] = ['client', 'client-secret', 'refresh-0'], keys = [KEY]) {
  const service = gusto(() => hooks.clock.now());
  const hooks = talkTo('gusto', { provider: service.provider });
  const put = (fetch: readonly string[], withKeys: readonly string[] = keys) => {
    const { sources } = JSON.parse(hooks.secrets.get(DOOR) ?? '{}');
    hooks.secrets.set(
      DOOR,
      JSON.stringify({ sources: { ...sources, 'people.fetch': fetch }, keys: withKeys }),
    );
  };
  put(credentials);
  let said = 0;
  return {
    ...hooks,
    service,
    put,
    /** An event about the employee comes and is worked off. */
    news: async () => {
      said += 1;
      await hooks.say({ ...(fixture('gusto').update as object), uuid: `news-${said}` });
      await pass(hooks, 2);
    },
    failures: () => hooks.numbers.of('SourceFailed'),
    kept: async () => (await hooks.directory.readDocument('demo', 'grant:people'))?.body,
  };
}

describe("Gusto's access token", () => {
  it('is asked for once in two hours, each time with the newest refresh token', async () => {
    const gusto = open();
    await gusto.news();
    await gusto.news();
    expect(gusto.service.refreshes).toEqual(['refresh-0']);
    expect(gusto.agents().active).toEqual(['gus@gusto.example']);
    gusto.clock.advance(3 * HOUR_MS);
    await gusto.news();
    gusto.clock.advance(3 * HOUR_MS);
    await gusto.news();
    expect(gusto.service.refreshes).toEqual(['refresh-0', 'refresh-1', 'refresh-2']);
    expect(gusto.failures()).toEqual({});
  });

  it('that is refused before its time is replaced', async () => {
    const gusto = open();
    await gusto.news();
    gusto.service.revoke();
    await gusto.news();
    expect(gusto.service.refreshes).toEqual(['refresh-0', 'refresh-1']);
    expect(gusto.failures()).toEqual({});
  });

  it('is kept sealed: the table alone shows neither token', async () => {
    const gusto = open();
    await gusto.news();
    const text = JSON.stringify(await gusto.kept());
    expect(text).toContain('v1.');
    expect(text).not.toMatch(/access-1|refresh-1|refresh-0/);
    expect(gusto.logged.join()).not.toMatch(/access-1|refresh-1|refresh-0|client-secret/);
  });

  it('is opened by an older key while keys are rotated', async () => {
    const gusto = open();
    await gusto.news();
    gusto.put(['client', 'client-secret', 'refresh-0'], ['another key of the door secret, as long', KEY]);
    gusto.clock.advance(3 * HOUR_MS);
    await gusto.news();
    expect(gusto.service.refreshes).toEqual(['refresh-0', 'refresh-1']);
  });

  it('begins anew with another refresh token in the secret', async () => {
    const gusto = open();
    await gusto.news();
    gusto.service.authorize('refresh-of-operator');
    gusto.put(['client', 'client-secret', 'refresh-of-operator']);
    gusto.clock.advance(3 * HOUR_MS);
    await gusto.news();
    expect(gusto.service.refreshes).toEqual(['refresh-0', 'refresh-of-operator']);
    expect(gusto.failures()).toEqual({});
  });

  it('is not lost when what came of a refreshing could not be stored', async () => {
    const gusto = open();
    const { directory } = gusto.services;
    const write = directory.writeDocument;
    let writes = 0;
    Object.assign(directory, {
      writeDocument: (...each: Parameters<typeof write>) => {
        writes += each[1] === 'grant:people' ? 1 : 0;
        if (each[1] === 'grant:people' && writes === 2) throw new Error('the table is gone for a moment');
        return write(...each);
      },
    });
    await gusto.news();
    expect(gusto.service.refreshes).toEqual(['refresh-0', 'refresh-0']);
    expect(gusto.agents().active).toEqual(['gus@gusto.example']);
  });

  it('needs a key to be sealed with, and says so', async () => {
    const gusto = open(undefined, []);
    await gusto.news();
    expect(gusto.service.refreshes).toEqual([]);
    expect(gusto.logged.join()).toContain('has no \\"keys\\"');
    expect(gusto.failures()).toEqual({ fetch: 1 });
  });
});
