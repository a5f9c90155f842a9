import { describe, expect, it } from 'vitest';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { listActions } from '../../functions/operate/audit.ts';
import { readPause } from '../../functions/operate/tenant/pause.ts';
import { demoTenant } from '../mapping/demo.ts';
import { ada } from '../scim/door.ts';
import { type Console, openConsole } from './console.ts';

const FAST = { behaviour: { callsPerMinute: 10_000 }, smartassist: { callsPerMinute: 5_000 } };

async function change(console_: Console, record: PersonRecord, next: Partial<PersonRecord>) {
  const { dueAt: _, dueSince: __, ...rest } = record;
  const done = await console_.directory.updatePerson(record, {
    ...rest,
    ...next,
    version: record.version + 1,
  });
  expect(done.ok).toBe(true);
}

/** People whom the brake holds, as it does. */
async function withHeld(count: number) {
  const console_ = openConsole(FAST);
  const since = new Date(console_.clock.now()).toISOString();
  for (let i = 0; i < count; i++) {
    const userName = `held-${i}@example.com`;
    await console_.create(ada({ userName, externalId: `h${i}`, emails: [{ value: userName }] }));
  }
  for (const record of await console_.stored()) {
    await change(console_, record, {
      state: 'waiting',
      held: 'brake',
      listed: { state: 'held', reason: 'leaving', since },
      hold: { movement: 'leaving', since, counted: 30, limit: 5, seconds: 3_600 },
      person: { ...record.person, active: false },
    });
  }
  return console_;
}

const lastAction = async ({ services }: Console) =>
  (await listActions(services, 'demo', { limit: 1 })).entries[0];

describe('Failures', () => {
  it('show the reason, the people, the rule and the remedy', async () => {
    const console_ = openConsole(FAST);
    expect((await console_.get('failures')).page.text).toContain('Nobody has failed.');
    await console_.create(ada());
    const [record] = await console_.stored();
    if (record === undefined) throw new Error('nobody is stored');
    const at = new Date(console_.clock.now()).toISOString();
    const message = 'skill "Refundz" does not exist in SmartAssist';
    await change(console_, record, {
      state: 'failed',
      listed: { state: 'failed', reason: 'unknown-name', since: at },
      attempts: {
        count: 1,
        unknown: false,
        lastError: {
          code: 'invalid',
          reason: 'unknown-name',
          message,
          at,
          fields: ['skills'],
          rules: ['billing'],
        },
      },
    });
    const { page } = await console_.get('failures');
    for (const words of ['1 person, the first since', message, 'billing: 1', 'Retry 1 person', 'Remedy:'])
      expect(page.text).toContain(words);
    const csv = await console_.get('failures.csv');
    expect(csv.body).toContain('unknown-name,1,');
    expect((await console_.get('')).page.text).toContain('See and retry');
  });
});

describe('Brake', () => {
  it('shows who is held, and releases those selected, with who and why', async () => {
    const console_ = await withHeld(3);
    const [first, second] = await console_.stored();
    const { page } = await console_.get('brake');
    expect(page.text).toContain('held-0@example.com');
    expect(page.text).toContain('leave service');
    const asked = await console_.get(`brake/decide?decision=yes&person=${first?.id}&person=${second?.id}`);
    expect(asked.page.text).toContain('2 people go on within minutes');
    const form = {
      decision: 'yes',
      person: [first?.id ?? '', second?.id ?? ''],
      count: '2',
      reason: 'the team moved',
    };
    expect((await console_.post('brake/decide', { role: 'viewer', form })).status).toBe(403);
    expect((await console_.stored()).filter(({ held }) => held === 'brake')).toHaveLength(3);
    const done = await console_.post('brake/decide', { role: 'operator', form });
    expect(done.page.text).toContain('2 people go on within minutes; 1 are held still.');
    expect((await console_.stored()).filter(({ held }) => held === 'brake')).toHaveLength(1);
    expect(await lastAction(console_)).toMatchObject({
      action: 'brake release',
      by: 'Grace Hopper (grace)',
      reason: 'the team moved',
      count: 2,
    });
  });

  it('wants the number typed for many, and all only as many as were seen', async () => {
    const console_ = await withHeld(21);
    const form = { decision: 'no', all: 'yes', count: '21' };
    expect((await console_.post('brake/decide', { form })).status).toBe(400);
    const other = await console_.post('brake/decide', { form: { ...form, count: '20', typed: '21' } });
    expect(other.status).toBe(409);
    expect((await console_.stored()).filter(({ held }) => held === 'brake')).toHaveLength(21);
    expect((await console_.post('brake/decide', { form: { ...form, typed: '21' } })).status).toBe(200);
    expect((await console_.stored()).filter(({ held }) => held === 'brake')).toEqual([]);
  });

  it('does nothing where nobody is selected, or nothing is decided', async () => {
    const console_ = await withHeld(1);
    for (const form of [{ decision: 'yes' }, { all: 'yes' }, { decision: 'maybe', all: 'yes' }, {}])
      expect((await console_.post('brake/decide', { form })).status).toBe(400);
    for (const form of [{ decision: 'yes' }, { event: 'x' }, {}])
      expect((await console_.post('confirmations/decide', { form })).status).toBe(400);
    expect((await console_.stored()).filter(({ held }) => held === 'brake')).toHaveLength(1);
    expect(
      (await console_.post('confirmations/decide', { form: { decision: 'yes', event: 'x' } })).page.text,
    ).toContain('no longer waits');
  });
});

describe('a person', () => {
  it('is exported by an operator, and it is recorded', async () => {
    const console_ = openConsole();
    const { body } = await console_.create(ada());
    expect((await console_.post(`people/${body.id}/export`, { role: 'viewer' })).status).toBe(403);
    const file = await console_.post(`people/${body.id}/export`, { role: 'operator' });
    expect(file.headers['content-disposition']).toContain('attachment');
    expect(JSON.parse(file.body).record.person.userName).toBe('ada@example.com');
    expect(await lastAction(console_)).toMatchObject({ action: 'export', persons: [body.id] });
  });

  it('is erased by an admin alone, who has come in lately and types the id', async () => {
    const console_ = openConsole();
    const { body } = await console_.create(ada());
    const path = `people/${body.id}/erase`;
    const form = { typed: String(body.id), reason: 'GDPR' };
    expect((await console_.post(path, { role: 'operator', form })).status).toBe(403);
    expect((await console_.post(path, { form: { typed: 'ada@example.com' } })).status).toBe(400);
    const cookie = await console_.cookie();
    console_.clock.advance(6 * 60_000);
    const late = await console_.post(path, { cookie, form });
    expect(late.status).toBe(403);
    expect(late.page.text).toContain('can not be taken back');
    expect(await console_.stored()).toHaveLength(1);
    const done = await console_.post(path, { form });
    expect(done.page.text).toContain('digest');
    expect(await console_.stored()).toEqual([]);
    expect(await lastAction(console_)).toMatchObject({ action: 'erase', reason: 'GDPR' });
  });

  it('shows each clause of the scope, and what SmartAssist has now for one call', async () => {
    const console_ = openConsole();
    const { body } = await console_.create(ada());
    const { page } = await console_.get(`people/${body.id}`);
    expect(page.text).toContain('provisionWhen');
    const live = await console_.get(`people/${body.id}?live=1`);
    expect(live.page.text).toContain('In SmartAssist now');
    expect(live.page.text).toContain('same');
    expect(live.body).not.toMatch(/1234-?567/);
    console_.simulator.setBehaviour({ faults: [{ kind: 'drop-before' }] });
    const down = await console_.get(`people/${body.id}?live=1`);
    expect(down.status).toBe(200);
    expect(down.page.text).toContain('SmartAssist can not be read');
  });
});

describe('a tenant', () => {
  it('is paused and resumed by an operator', async () => {
    const console_ = openConsole();
    expect((await console_.post('pause', { role: 'viewer' })).status).toBe(403);
    await console_.post('pause', { role: 'operator', form: { reason: 'maintenance' } });
    expect(await readPause(console_.directory, 'demo')).toMatchObject({
      by: 'Grace Hopper (grace)',
      reason: 'maintenance',
    });
    expect((await console_.get('')).page.text).toContain('maintenance');
    expect((await console_.get('resume')).page.text).toContain('wait for them');
    await console_.post('resume', { role: 'operator' });
    expect(await readPause(console_.directory, 'demo')).toBeUndefined();
    expect(await lastAction(console_)).toMatchObject({ action: 'resume', via: 'console' });
    expect((await console_.get('audit')).page.text).toContain('resume');
    expect((await console_.get('audit.csv')).body).toContain(
      ',pause,Grace Hopper (grace),console,maintenance,',
    );
  });

  it('has sources, which are paused, resumed and read, and show what was refused without secrets', async () => {
    const { sources: _, ...rest } = demoTenant();
    const okta = { preset: 'okta-event-hook' } as never;
    const console_ = openConsole({ tenant: { ...rest, sources: { okta } } });
    expect((await console_.get('sources')).page.text).toContain('not heard yet');
    expect((await console_.post('sources/okta/pause', { role: 'viewer' })).status).toBe(403);
    await console_.post('sources/okta/pause', { role: 'operator', form: { reason: 'it repeats itself' } });
    expect((await console_.get('sources/okta')).page.text).toContain('it repeats itself');
    expect((await console_.get('')).page.text).toContain('Source okta is paused');
    await console_.post('sources/okta/resume', { role: 'operator' });
    expect((await console_.get('sources/okta')).page.text).not.toContain('it repeats itself');
    for (const wrong of [
      'sources/okta/drop',
      'sources/none/pause',
      'sources/__proto__/pause',
      'sources/okta/constructor',
    ])
      expect((await console_.post(wrong)).status).toBe(400);
    expect((await console_.get('sources/none')).status).toBe(400);
    expect((await console_.get('sources/scim')).page.text).toContain('Refused in seven days');
    await console_.create({ nonsense: true });
    const refused = await console_.create({ nonsense: true });
    const page = (await console_.get('sources/scim')).page.text;
    expect(page).toMatch(/invalid|400/);
    const [, id = 'none'] = /\((\w{8})\)\.?$/.exec(String(refused.body.detail)) ?? [];
    expect(page).toContain(id);
  });

  it('has a reconciliation that an operator starts and decides about', async () => {
    const console_ = openConsole();
    expect((await console_.get('reconciliation')).page.text).toContain('None has been made yet');
    await console_.post('reconciliation/start', { role: 'operator' });
    expect(await lastAction(console_)).toMatchObject({ action: 'reconcile start' });
    expect((await console_.post('reconciliation/decide', { form: { decision: 'repair' } })).status).toBe(400);
    expect(
      (
        await console_.post('reconciliation/decide', {
          role: 'viewer',
          form: { decision: 'repair', person: 'x' },
        })
      ).status,
    ).toBe(403);
    const { body } = await console_.create(ada());
    const done = await console_.post('reconciliation/decide', {
      form: { decision: 'repair', person: String(body.id) },
    });
    expect(done.page.text).toContain('1 person: read and written within minutes');
    expect((await console_.get('reconciliation.csv')).body).toBe(
      'finding,id,name,fields,now,ours,theirs\r\n',
    );
  });
});

it('says on every page that calls are paused, and of what takes one that it is done after resume', async () => {
  const console_ = openConsole();
  const { body } = await console_.create(ada());
  await console_.post('pause', { form: { reason: 'moved\nelsewhere' } });
  const paused = /Paused since \S+Z by Grace Hopper \(grace\): moved elsewhere\./;
  expect((await console_.get('people')).page.text).toMatch(paused);
  expect((await console_.get(`people/retry?person=${body.id}`)).page.text).toMatch(paused);
  const retried = await console_.post('people/retry', { form: { person: String(body.id) } });
  expect(retried.page.text).toMatch(new RegExp(`Tried again after resume\\. ${paused.source}`));
  const started = await console_.post('reconciliation/start');
  expect(started.page.text).toMatch(new RegExp(`It begins after resume\\. ${paused.source}`));
  const before = console_.simulator.calls();
  const options = { typed: String(body.id), agent: 'yes' };
  const erased = await console_.post(`people/${body.id}/erase`, { form: options });
  expect(erased).toMatchObject({ status: 503 });
  expect(erased.page.text).toContain('nothing was erased');
  expect(console_.simulator.calls()).toEqual(before);
});
