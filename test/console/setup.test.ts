import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readHeardClients } from '../../functions/scim/heard-clients.ts';
import { OTHER_TOKEN, TOKEN } from '../scim/door.ts';
import { openConsole } from './console.ts';

const digestOf = (token: string) => createHash('sha256').update(token, 'utf8').digest('hex').slice(0, 8);
const agent = (name: string, token = TOKEN) => ({
  headers: { 'user-agent': name, authorization: `Bearer ${token}` },
});

describe('Set-up', () => {
  it('shows what is copied into an identity provider, and waits for its first request', async () => {
    const console_ = openConsole();
    const { status, page } = await console_.get('set-up', { role: 'viewer' });
    expect(status).toBe(200);
    expect(page.text).toContain('http://127.0.0.1:8787/demo/scim/v2');
    expect(page.text).toContain('demo/scim/v2?aadOptscim062020');
    expect(page.text).toContain('Waiting for the first request…');
    expect(page.text).toContain('not used yet');
    expect(page.text).toContain('An admin makes a token here.');
    expect(page.elements.find(({ attributes }) => attributes.id === 'heard')?.attributes['data-live']).toBe(
      '5',
    );
  });

  it('says from whom it has heard, by which token, and of none that proved nothing', async () => {
    const console_ = openConsole();
    await console_.send('GET', '/Users', agent('Okta SCIM Client 1.0.0', 'wrong'));
    await console_.send('GET', '/Users', agent('Okta SCIM Client 1.0.0', OTHER_TOKEN));
    expect((await console_.get('set-up')).page.text).toContain('Waiting for the first request…');
    await console_.send('GET', '/Users', agent('Okta SCIM Client 1.0.0'));
    const { page } = await console_.get('set-up');
    expect(page.text).toContain('✓ Heard from Okta');
    expect(page.text).toContain(`${digestOf(TOKEN)}…`);
    expect(page.text).not.toContain('not used yet');
    expect(page.text).not.toContain(TOKEN);
  });

  it('lists the sources with their addresses, their secrets, and what is missing', async () => {
    const console_ = openConsole({ tenant: { sources: { okta: { preset: 'okta-event-hook' } } } as never });
    const { page } = await console_.get('set-up');
    expect(page.text).toContain('http://127.0.0.1:8787/demo/hooks/okta');
    expect(page.text).toContain('Put its signing secret into the secret door, under sources.okta');
    expect(page.text).toContain('the source has no secret');
    expect(page.text).toContain('bearer token for SCIM');
  });

  it('is there while the secret can not be read, and says so', async () => {
    const console_ = openConsole();
    for (const name of console_.secrets.keys()) console_.secrets.set(name, new Error('no answer'));
    const { status, page } = await console_.get('set-up');
    expect(status).toBe(200);
    expect(page.text).toContain('The secret with the tokens can not be read.');
  });
});

describe('clients of SCIM that were heard', () => {
  it('are written once an hour, with when they were heard first', async () => {
    const console_ = openConsole();
    const heard = () => readHeardClients(console_.directory, 'demo');
    await console_.send('GET', '/Users', agent('a'));
    const [first] = await heard();
    console_.clock.advance(30 * 60_000);
    await console_.send('GET', '/Users', agent('a'));
    expect(await heard()).toEqual([first]);
    console_.clock.advance(31 * 60_000);
    await console_.send('GET', '/Users', agent('a'));
    const [later] = await heard();
    expect(later?.firstAt).toBe(first?.firstAt);
    expect(Date.parse(later?.lastAt ?? '')).toBe(Date.parse(first?.lastAt ?? '') + 61 * 60_000);
  });

  it('are twenty at the most, the last ones, whatever they call themselves', async () => {
    const console_ = openConsole();
    for (let i = 0; i < 30; i += 1)
      await console_.send('GET', '/Users', agent(`client ${i}\u0007`.padEnd(200, 'x')));
    const clients = await readHeardClients(console_.directory, 'demo');
    expect(clients).toHaveLength(20);
    expect(clients[0]?.client).toMatch(/^client 29 x+$/);
    expect(clients[0]?.client).toHaveLength(80);
    expect((await console_.get('set-up')).status).toBe(200);
  });

  it('leave the answer as it is where they can not be noted', async () => {
    const console_ = openConsole({
      services: ({ directory }) => ({
        directory: {
          ...directory,
          readDocument: (owner, name) =>
            name === 'scim-clients' ? Promise.reject(new Error('busy')) : directory.readDocument(owner, name),
        },
      }),
    });
    expect((await console_.send('GET', '/Users')).status).toBe(200);
    expect(console_.logged.join()).toContain('a client of SCIM could not be noted');
  });
});

describe('a token that is made', () => {
  it('is shown once, takes an admin who signed in a moment ago, and is in the audit by its beginning', async () => {
    const kept: [string, string][] = [];
    const console_ = openConsole({}, async (tenant, digest) => void kept.push([tenant, digest]));
    expect((await console_.get('set-up/token', { role: 'operator' })).status).toBe(403);
    expect((await console_.get('set-up/token')).page.text).toContain('at once, beside those that are there');
    const stale = await console_.cookie({ provedAt: console_.clock.now() - 10 * 60_000 });
    expect((await console_.post('set-up/token', { cookie: stale })).status).toBe(403);
    expect(kept).toEqual([]);
    const { page, headers } = await console_.post('set-up/token', { form: { reason: 'for Okta' } });
    const token = page.elements.find(({ attributes }) => attributes.id === 'token')?.text ?? '';
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(headers['cache-control']).toBe('no-store');
    expect(kept).toEqual([['demo', `sha256:${createHash('sha256').update(token).digest('hex')}`]]);
    const audit = await console_.get('audit');
    expect(audit.page.text).toContain('token make');
    expect(audit.page.text).toContain(digestOf(token));
    expect(audit.body + console_.logged.join()).not.toContain(token);
    expect((await console_.get('set-up')).body).not.toContain(token);
  });

  it('comes with the command that lets it in where the console may write no secret', async () => {
    const console_ = openConsole();
    const { page } = await console_.post('set-up/token');
    const token = page.elements.find(({ attributes }) => attributes.id === 'token')?.text ?? '';
    const digest = createHash('sha256').update(token).digest('hex');
    expect(page.text).toContain(`secret set door --tenant demo --table TABLE --add-token sha256:${digest}`);
  });
});

it('says of a secret without an admin app what is known then', async () => {
  const console_ = openConsole();
  const name = [...console_.secrets.keys()].find((each) => each.endsWith('/demo/smartassist')) ?? '';
  const { admin: _, ...bot } = JSON.parse(String(console_.secrets.get(name))) as Record<string, unknown>;
  console_.secrets.set(name, JSON.stringify(bot));
  const { text } = (await console_.get('set-up')).page;
  expect(text).toContain('has the bot app, and no admin app: roles are known by their ids alone');
});
