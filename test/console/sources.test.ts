import { describe, expect, it } from 'vitest';
import { listActions } from '../../functions/operate/audit.ts';
import { triableSource, tryEvent } from '../../functions/operate/try-event.ts';
import { providers } from '../../functions/providers/registry.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { readDueSources } from '../../functions/sources/sync/schedule.ts';
import { readSyncState } from '../../functions/sources/sync/state.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { Okta } from '../../local/providers/okta.ts';
import { askedBy, textOf } from '../../local/providers/stand-in.ts';
import { demoTenant } from '../mapping/demo.ts';
import { openDoor, SECRET } from '../scim/door.ts';
import { PROVIDER_CASES } from '../webhook/providers.ts';
import { openConsole } from './console.ts';

const TOKEN = 'okta-api-token';
const OKTA = { preset: 'okta-event-hook', fetch: { domain: 'acme.okta.com' }, sync: {} };

/** The console of a tenant that reads an organization of Okta with some people. */
function openRead(people: number) {
  let okta: Okta | undefined;
  const sources = { okta: sourceSchema.parse(OKTA) };
  const rules = demoTenant().rules.filter((rule) => !JSON.stringify(rule).includes('groups'));
  const tenant = { ...demoTenant(), sources, rules } as TenantConfiguration;
  const console_ = openConsole({
    tenant,
    services: (given) => ({
      transport: async (request) => {
        if (new URL(request.url).host !== 'acme.okta.com') return given.transport(request);
        const answered = okta?.answer(askedBy(request));
        if (answered === undefined) throw new Error('no stand-in');
        return { status: answered.status, headers: answered.headers ?? {}, body: textOf(answered) };
      },
    }),
  });
  okta = new Okta({ now: () => console_.clock.now(), token: TOKEN });
  for (let number = 1; number <= people; number += 1) {
    const login = `person-${number}@acme.test`;
    okta.add({ login, email: login, firstName: 'Given', lastName: `Family ${number}` });
  }
  const door = JSON.parse(String(console_.secrets.get(SECRET)));
  console_.secrets.set(SECRET, JSON.stringify({ ...door, sources: { 'okta.fetch': [TOKEN] } }));
  const provisioning = openTenant('demo', tenant, console_.services);
  return {
    ...console_,
    minute: () => readDueSources(providers, provisioning, console_.services, console_.clock.now() + 600_000),
  };
}

describe('a dry run in the browser', () => {
  it('is asked for, shows what reading would do, and comes before the first reading', async () => {
    const { get, post, minute, clock, services, stored } = openRead(3);
    const first = await get('sources/okta');
    expect(first.page.text).toContain('Dry run');
    expect(first.page.text).not.toContain('Read everybody');
    expect((await post('sources/okta/sync')).page.text).toContain('a dry run');
    expect((await post('sources/okta/dry-run', { role: 'viewer' })).status).toBe(403);
    expect((await get('sources/okta/dry-run')).page.text).toContain('nothing is stored');
    await post('sources/okta/dry-run', { role: 'operator', form: { reason: 'before we begin' } });
    const [action] = (await listActions(services, 'demo', { limit: 1 })).entries;
    expect(action).toMatchObject({ action: 'source dry run', source: 'okta', reason: 'before we begin' });
    expect((await get('sources/okta')).page.text).toContain('It begins within a minute.');

    clock.advance(60_000);
    await minute();
    const seen = (await get('sources/okta')).page.text;
    for (const words of ['3 rows in 1 call', 'new', 'new here', 'Nothing was stored', 'not known yet'])
      expect(seen).toContain(words);
    expect(await stored()).toEqual([]);

    expect(seen).toContain('Read everybody for the first time');
    await post('sources/okta/sync', { role: 'operator' });
    clock.advance(60_000);
    await minute();
    expect(await readSyncState(services, 'demo', 'okta')).toMatchObject({ initial: { outcome: 'complete' } });
    expect(await stored()).toHaveLength(3);
    expect((await get('sources/okta')).page.text).toContain('Read everybody now');
  });

  it('tells what of agents would come, once their names are known', async () => {
    const { get, post, create, minute, clock } = openRead(2);
    await create({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'ada@example.com',
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
    });
    await post('sources/okta/dry-run');
    clock.advance(60_000);
    await minute();
    const { text } = (await get('sources/okta')).page;
    expect(text).toMatch(/become agents\s*2/);
    expect(text).toContain('2 calls to SmartAssist at the most');
    expect(text).toContain('The brake lets leavers through');
  });
});

describe('a test event in the browser', () => {
  const sources = { people: sourceSchema.parse({ preset: 'workos' }) };

  it('shows the person and the agent that would come of it, and stores nothing', async () => {
    const { get, post, stored, services } = openConsole({ tenant: { sources } });
    const asked = await get('sources/people/try-event');
    for (const words of ['created', 'deactivated', 'Nothing is stored'])
      expect(asked.page.text).toContain(words);
    const form = { event: 'created', user: 'zoe@example.com' };
    const tried = await post('sources/people/try-event', { role: 'viewer', form });
    expect(tried.status).toBe(200);
    for (const words of [
      'The person would be stored, and the agent follows.',
      'zoe@example.com',
      'A signature covers what it says',
      'Fields of the agent, with what gave them',
    ])
      expect(tried.page.text).toContain(words);
    expect(tried.page.text).not.toContain('phoneNumbers');
    const left = await post('sources/people/try-event', { form: { ...form, event: 'deactivated' } });
    expect(left.page.text).toContain('taken to have been made a minute before');
    expect(left.page.text).toContain('"active": false');
    expect(await stored()).toEqual([]);
    expect((await listActions(services, 'demo', { limit: 1 })).entries).toEqual([]);
    expect((await get('sources/people')).page.text).toContain('not heard yet');
  });

  it.each([
    [{ event: 'exploded' }, 'workos has no event exploded'],
    [{ event: 'created', user: '<script>' }, 'An e-mail address is right'],
  ])('says what is wrong with %j', async (form, words) => {
    const { post } = openConsole({ tenant: { sources } });
    const { status, page } = await post('sources/people/try-event', { form });
    expect([status, page.text]).toEqual([400, expect.stringContaining(words)]);
  });

  it.each(['scim', 'none', '__proto__'])('is not there for %s', async (source) => {
    const { get } = openConsole({ tenant: { sources } });
    expect((await get(`sources/${source}/try-event`)).status).toBe(400);
  });
});

describe.each(PROVIDER_CASES.map((row) => [row.preset, row] as const))('a test event of %s', (_, row) => {
  it('comes to what its webhook would come to, and leaves nothing behind', async () => {
    const settings = sourceSchema.parse({ preset: row.preset, ...row.settings });
    const door = openDoor({ tenant: { sources: { people: settings } } });
    const tenant = { ...demoTenant(), sources: { people: settings } } as TenantConfiguration;
    const provisioning = openTenant('demo', tenant, door.services);
    const { samples } = await triableSource(provisioning, 'people');
    for (const { name } of samples) {
      const { events, others } = await tryEvent(door.services, provisioning, 'people', { name });
      expect([name, events.length + others.length]).not.toEqual([name, 0]);
      if (name === 'created') {
        expect(['stored', 'fetching', 'held', 'later']).toContain(events[0]?.outcome);
        const { outcome, record, explained } = events[0] ?? {};
        if (outcome === 'stored')
          expect([record?.source, explained?.fields.length]).not.toEqual(['people', 0]);
      }
      for (const { outcome, reason } of events) expect([name, outcome, reason]).not.toContain('invalid');
    }
    expect(await door.stored()).toEqual([]);
    expect(door.rung).toEqual([]);
  });
});
