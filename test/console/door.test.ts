import { describe, expect, it } from 'vitest';
import { ada } from '../scim/door.ts';
import { contextWith, scimEvent } from '../scim/event.ts';
import { formsOf, openConsole, type Visit } from './console.ts';

const HOUR_MS = 60 * 60_000;

async function withAda() {
  const console_ = openConsole();
  const { body } = await console_.create(ada());
  return { ...console_, id: String(body.id) };
}

describe('a page of the console', () => {
  it('forbids what it does not have, and is not kept', async () => {
    const { headers, status } = await openConsole().get('');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
    });
  });

  it('has no script and no style of its own, and nothing of another host', async () => {
    const { page } = await openConsole().get('people');
    const addresses = page.elements.flatMap(({ attributes: { href, src, action } }) => [href, src, action]);
    expect(addresses.filter((each) => each !== undefined && !/^(\/demo\/console|#main$)/.test(each))).toEqual(
      [],
    );
    const scripts = page.elements.filter(({ name }) => name === 'script' || name === 'style');
    expect(scripts.map(({ text }) => text)).toEqual(['']);
  });

  it('is not there for a tenant that there is not, nor by a name that is not this machine', async () => {
    const console_ = openConsole();
    expect((await console_.get('', { tenant: 'nobody' })).status).toBe(404);
    const answer = await console_.get('', { headers: { host: 'evil.example' } });
    expect(answer).toMatchObject({ status: 404, body: 'There is no console here.' });
    expect((await console_.get('nothing-here')).status).toBe(404);
    expect((await console_.get('people/x/provision/y')).status).toBe(404);
  });

  it('says that it could not be made, with the id under which the log has why', async () => {
    const console_ = openConsole({
      services: ({ directory }) => ({
        directory: { ...directory, countPersons: () => Promise.reject(new Error('secret words of a store')) },
      }),
    });
    const { status, page } = await console_.get('');
    expect(status).toBe(500);
    expect(page.text).toContain('c6af9ac6-7b61-11e6-9a41-93e8deadbeef');
    expect(page.text).not.toContain('secret words');
    expect(console_.logged.join()).toContain('secret words');
  });
});

describe('a session', () => {
  const refused = async (visit: Visit, wait = 0) => {
    const console_ = await withAda();
    const cookie = visit.cookie ?? (await console_.cookie());
    console_.clock.advance(wait);
    const seen = await console_.get('people', { ...visit, cookie });
    const done = await console_.post(`people/${console_.id}/provision`, { ...visit, cookie });
    expect(JSON.stringify([seen.body, done.body])).not.toContain('ada@example.com');
    return [seen.status, done.status, (await console_.get('people', {})).status];
  };

  it('is wanted by every page and action', async () => {
    expect(await refused({ cookie: '' })).toEqual([403, 403, 200]);
  });

  it('ends after eight hours', async () => {
    expect(await refused({}, 8 * HOUR_MS + 1_000)).toEqual([403, 403, 200]);
  });

  it('is none when it is forged, cut or of another key', async () => {
    const sealed = await openConsole().cookie();
    expect(await refused({ cookie: sealed })).toEqual([403, 403, 200]);
    expect(await refused({ cookie: 'console-session-demo=e30.e30.' })).toEqual([403, 403, 200]);
    const console_ = await withAda();
    const own = await console_.cookie();
    const changed = `${own.slice(0, -4)}${own.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
    expect((await console_.get('', { cookie: changed })).status).toBe(403);
    expect((await console_.get('', { cookie: own.slice(0, -20) })).status).toBe(403);
  });

  it('is none at another tenant, whatever the cookie is called', async () => {
    const console_ = openConsole();
    const own = await console_.cookie({ tenant: 'other' });
    const renamed = own.replace('console-session-other', 'console-session-demo');
    expect((await console_.get('', { cookie: renamed })).status).toBe(403);
    expect((await console_.get('', { cookie: own })).status).toBe(403);
    expect((await console_.get('', { cookie: own, tenant: 'other' })).status).toBe(200);
  });

  it('ends with signing out', async () => {
    const { status, cookies } = await openConsole().post('sign-out');
    expect(status).toBe(200);
    expect(cookies).toEqual(['console-session-demo=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax']);
  });
});

describe('the link of one machine', () => {
  it('lets an operator in once', async () => {
    const console_ = openConsole();
    const key = console_.entry.renew();
    const first = await console_.get(`enter?key=${key}`, { cookie: '' });
    expect(first).toMatchObject({ status: 303, headers: { location: '/demo/console' } });
    expect(first.cookies).toEqual([
      expect.stringMatching(/^console-session-demo=[\w.-]+; Path=\/; Max-Age=28800; HttpOnly; SameSite=Lax$/),
      expect.stringMatching(/^console-session-other=/),
    ]);
    const [cookie = ''] = first.cookies.map((each) => each.split(';')[0]);
    expect((await console_.get('', { cookie })).status).toBe(200);
    expect((await console_.get(`enter?key=${key}`, { cookie: '' })).status).toBe(403);
  });

  it('is void when another one was made, and a wrong one uses none up', async () => {
    const console_ = openConsole();
    const former = console_.entry.renew();
    const key = console_.entry.renew();
    for (const wrong of [former, '', 'x', `${key}x`]) {
      expect((await console_.get(`enter?key=${wrong}`, { cookie: '' })).status).toBe(403);
    }
    expect((await console_.get(`enter?key=${key}`, { cookie: '' })).status).toBe(303);
  });

  it('is printed anew where the server runs, and never shown', async () => {
    const console_ = openConsole();
    const { status, body } = await console_.post('link', { cookie: '' });
    expect(status).toBe(403);
    expect(console_.announced).toEqual(['demo']);
    expect(body).not.toContain('key=');
  });
});

describe('a write', () => {
  const CROSS: readonly (readonly [string, NonNullable<Visit['headers']>])[] = [
    ['from another origin', { origin: 'https://evil.example' }],
    ['from another port', { origin: 'http://127.0.0.1:9999' }],
    ['from a page without an origin', { origin: 'null' }],
    ['without an origin', { origin: undefined }],
    ['that a browser calls cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['that a browser calls same-site', { 'sec-fetch-site': 'same-site' }],
    ['that a browser calls typed in', { 'sec-fetch-site': 'none' }],
  ];

  it.each(CROSS)('%s does nothing', async (_, headers) => {
    const console_ = await withAda();
    const before = JSON.stringify(await console_.stored());
    const { status, page } = await console_.post(`people/${console_.id}/provision`, { headers });
    expect(status).toBe(403);
    expect(page.text).toContain('Nothing was done');
    expect(JSON.stringify(await console_.stored())).toBe(before);
    expect((await console_.post('sign-out', { headers })).cookies).toEqual([]);
  });

  it('is not made by reading an address', async () => {
    const console_ = await withAda();
    const before = JSON.stringify(await console_.stored());
    for (const path of [`people/${console_.id}/provision`, `people/retry?person=${console_.id}`, 'sign-out'])
      await console_.get(path);
    expect(JSON.stringify(await console_.stored())).toBe(before);
  });

  it('takes the role that it says, and pages do not offer it to others', async () => {
    const console_ = await withAda();
    const before = JSON.stringify(await console_.stored());
    for (const path of [`people/${console_.id}/provision`, 'people/retry']) {
      const answer = await console_.post(path, { role: 'viewer', form: { person: console_.id } });
      expect(answer.status).toBe(403);
      expect(answer.page.text).toContain('takes the role operator');
      expect((await console_.get(`${path}?person=${console_.id}`, { role: 'viewer' })).status).toBe(403);
    }
    expect(JSON.stringify(await console_.stored())).toBe(before);
    const seen = await console_.get(`people/${console_.id}`, { role: 'viewer' });
    expect(seen.page.text).not.toContain('Provision now');
    expect(formsOf(seen).map(({ button }) => button)).toEqual([expect.stringContaining('Sign out')]);
  });

  it('by another method is none', async () => {
    const event = scimEvent('DELETE', '/demo/console/people', { headers: { host: '127.0.0.1' } });
    expect((await openConsole().pages(event, contextWith())).statusCode).toBe(405);
  });
});
