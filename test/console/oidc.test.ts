import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConsoleHandler, consoleHandler } from '../../functions/console/handler.ts';
import { roleOf } from '../../functions/console/session/claim-roles.ts';
import { oidcAccess } from '../../functions/console/session/oidc-access.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import type { ConsoleSettings } from '../../functions/tenant/operators/console.ts';
import { demoTenant } from '../mapping/demo.ts';
import { ada, type Door, openDoor, SECRET } from '../scim/door.ts';
import { contextWith, scimEvent } from '../scim/event.ts';
import { type Issuer, openIssuer } from './issuer.ts';

const HOST = 'id.execute-api.eu-central-1.amazonaws.com';
const KEY = 'k'.repeat(40);

let issuer: Issuer;
beforeEach(async () => {
  issuer = await openIssuer();
});
afterEach(() => issuer.close());

const rolesOf: ConsoleSettings['roles'] = {
  viewer: ['groups=everyone'],
  operator: ['groups=cc-on-call'],
  admin: ['groups=cc-admins'],
};

/** A browser that keeps cookies and follows redirections between console and issuer. */
function openBrowser(secret: Record<string, unknown> = {}) {
  let later = 0;
  const clock = { ...systemClock, now: () => Date.now() + later };
  const door: Door = openDoor({ services: () => ({ clock }) });
  const whole = { scimTokens: [], keys: [KEY], console: { clientSecret: issuer.clientSecret }, ...secret };
  door.secrets.set(SECRET, JSON.stringify(whole));
  const settings = { issuer: issuer.url, clientId: issuer.clientId, roles: rolesOf };
  const configuration = { tenants: { demo: { ...demoTenant(), console: settings }, other: demoTenant() } };
  const pages: ConsoleHandler = consoleHandler(configuration, door.services, oidcAccess(door.services));
  const jar = new Map<string, string>();
  const send = async (method: string, address: string, form?: Record<string, string>) => {
    const { pathname, search } = new URL(address, `https://${HOST}`);
    const isWrite = method === 'POST';
    const event = scimEvent(method, pathname, {
      rawQuery: search.slice(1),
      headers: {
        cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(isWrite
          ? { origin: `https://${HOST}`, 'content-type': 'application/x-www-form-urlencoded' }
          : {}),
      },
      ...(isWrite ? { body: new URLSearchParams(form ?? {}).toString() } : {}),
    });
    const answer = await pages(event, contextWith());
    for (const cookie of answer.cookies ?? []) {
      const [, name = '', value = '', rest = ''] = /^([^=]+)=([^;]*)(.*)$/.exec(cookie) ?? [];
      expect(name).toMatch(/^__Host-/);
      expect(rest).toContain('; Secure');
      expect(rest).toContain('; HttpOnly; SameSite=Lax');
      if (rest.includes('Max-Age=0')) jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  };
  /** As a browser follows: to the issuer, back, and on. */
  const visit = async (address: string) => {
    let answer = await send('GET', address);
    const seen: string[] = [];
    for (let hops = 0; answer.statusCode === 303 && hops < 6; hops++) {
      let to = String(answer.headers?.location);
      seen.push(to);
      if (to.startsWith(issuer.url)) {
        const asked = await fetch(to, { redirect: 'manual' });
        to = String(asked.headers.get('location'));
      }
      answer = await send('GET', to);
    }
    return { ...answer, seen, body: answer.body ?? '' };
  };
  return { ...door, send, visit, jar, wait: (milliseconds: number) => (later += milliseconds) };
}

describe('signing in', () => {
  it('leads to the issuer and back to the page that was asked for, with a role', async () => {
    const browser = openBrowser();
    const { statusCode, body, seen } = await browser.visit('/demo/console/people?state=failed');
    expect(statusCode).toBe(200);
    expect(body).toContain('grace@example.com');
    expect(body).toContain('(admin)');
    expect(body).toContain('<option value="failed" selected>');
    const asked = new URL(seen.find((each) => each.startsWith(issuer.url)) ?? '').searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      client_id: 'console',
      redirect_uri: `https://${HOST}/demo/console/callback`,
      code_challenge_method: 'S256',
      scope: 'openid profile email',
    });
    expect([...browser.jar.keys()]).toEqual(['__Host-console-session-demo']);
  });

  it('gives the highest role of the claims, and none lets nobody in', async () => {
    issuer.claims = { ...issuer.claims, groups: ['everyone'] };
    expect((await openBrowser().visit('/demo/console')).body).toContain('(viewer)');
    issuer.claims = { ...issuer.claims, groups: ['sales'] };
    const browser = openBrowser();
    const { statusCode, body } = await browser.visit('/demo/console');
    expect(statusCode).toBe(403);
    expect(body).toContain('none of your claims gives a role here');
    expect(browser.jar.has('__Host-console-session-demo')).toBe(false);
    expect(roleOf({ groups: 'cc-admins' }, rolesOf)).toBe('admin');
    expect(roleOf({ groups: ['x', 'cc-on-call'] }, rolesOf)).toBe('operator');
    expect(roleOf({ group: ['cc-admins'] }, rolesOf)).toBeUndefined();
    expect(roleOf({}, { admin: ['constructor=x', '__proto__=y'] })).toBeUndefined();
    expect(roleOf({ verified: true }, { viewer: ['verified=true'] })).toBe('viewer');
  });

  it.each([
    ['another nonce', { nonce: 'other' }],
    ['another audience', { aud: 'other' }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['a time that is over', { exp: 1 }],
  ])('fails with a token of %s', async (_, wrong) => {
    issuer.wrong = wrong;
    const browser = openBrowser();
    const { statusCode, body } = await browser.visit('/demo/console');
    expect(statusCode).toBe(403);
    expect(body).toContain('did not let you in');
    expect(browser.jar.has('__Host-console-session-demo')).toBe(false);
  });

  it('fails with a token that the issuer did not sign, and with a client secret that is not the one', async () => {
    issuer.isForged = true;
    expect((await openBrowser().visit('/demo/console')).statusCode).toBe(403);
    issuer.isForged = false;
    const browser = openBrowser({ console: { clientSecret: 'another' } });
    expect((await browser.visit('/demo/console')).statusCode).toBe(403);
    expect(browser.logged.join()).not.toContain('another');
  });

  it('takes an answer only to the sign-in that this browser began', async () => {
    const browser = openBrowser();
    const begun = await browser.send('GET', '/demo/console/sign-in');
    const there = await fetch(String(begun.headers?.location), { redirect: 'manual' });
    const back = String(there.headers.get('location'));
    const other = openBrowser();
    expect((await other.send('GET', back)).statusCode).toBe(403);
    await other.send('GET', '/demo/console/sign-in');
    expect((await other.send('GET', back)).statusCode).toBe(403);
    browser.wait(11 * 60_000);
    expect((await browser.send('GET', back)).statusCode).toBe(403);
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/demo/console/../../x',
    '/other/console',
    '/demo/console\\@evil',
  ])('leads to no other place than this console: %s', async (to) => {
    const browser = openBrowser();
    const { seen } = await browser.visit(`/demo/console/sign-in?to=${encodeURIComponent(to)}`);
    const own = seen.filter((each) => !each.startsWith(issuer.url));
    expect(own.every((each) => new URL(each, `https://${HOST}`).host === HOST)).toBe(true);
    expect(own.at(-1)).toMatch(/^\/demo\/console/);
  });

  it('is asked for anew before a person is erased', async () => {
    const browser = openBrowser();
    const { body } = await browser.create(ada());
    const id = String(body.id ?? (await browser.stored())[0]?.id);
    await browser.visit('/demo/console');
    browser.wait(6 * 60_000);
    const answer = await browser.send('GET', `/demo/console/people/${id}/erase`);
    expect(answer.headers?.location).toMatch(/^\/demo\/console\/sign-in\?to=.*&again=1$/);
    const asked = await browser.send('GET', String(answer.headers?.location));
    expect(new URL(String(asked.headers?.location)).searchParams.get('max_age')).toBe('300');
    const done = await browser.send('POST', `/demo/console/people/${id}/erase`, { typed: id });
    expect(done.statusCode).toBe(403);
  });

  it('says what is missing: an issuer that is away, a secret without keys', async () => {
    const away = openBrowser();
    const kept = issuer;
    await kept.close();
    const { statusCode, body } = await away.visit('/demo/console');
    expect([statusCode, body.includes('can not be reached')]).toEqual([503, true]);
    issuer = await openIssuer();
    const keyless = await openBrowser({ keys: [] }).visit('/demo/console');
    expect([keyless.statusCode, keyless.body.includes('has no keys')]).toEqual([503, true]);
  });

  it('is not there for a tenant that configures none, and its links are none', async () => {
    const browser = openBrowser();
    expect((await browser.send('GET', '/other/console')).statusCode).toBe(404);
    expect((await browser.send('GET', '/other/console/sign-in')).statusCode).toBe(404);
    expect((await browser.send('GET', '/demo/console/enter?key=')).statusCode).toBe(303);
  });
});
