import { describe, expect, it } from 'vitest';
import { listActions } from '../../functions/operate/audit.ts';
import { writeKeyPass } from '../../functions/provision/agent/holders.ts';
import { accountOf } from '../../functions/provision/tenant.ts';
import { demoTenant } from '../mapping/demo.ts';
import { ada } from '../scim/door.ts';
import { type Console, openConsole } from './console.ts';
import { NAUGHTY } from './naughty.ts';

const OPEN = { behaviour: { callsPerMinute: 10_000 }, smartassist: { callsPerMinute: 5_000 } };

async function create(console_: Console, name: string, more: Record<string, unknown> = {}) {
  const address = `${name}@example.com`;
  const emails = [{ value: address, type: 'work', primary: true }];
  await console_.create(ada({ userName: address, externalId: name, emails, ...more }));
}

describe('whom the brake holds', () => {
  it('are listed by a cursor: who is decided about meanwhile moves nobody to another page', async () => {
    const console_ = openConsole(OPEN);
    for (let i = 0; i < 60; i += 1) await create(console_, `held-${String(i).padStart(2, '0')}`);
    const since = new Date(console_.clock.now()).toISOString();
    const hold = { movement: 'leaving', since, counted: 60, limit: 5, seconds: 60 } as const;
    for (const record of await console_.stored()) {
      const { dueAt: _, dueSince: __, ...rest } = record;
      await console_.directory.updatePerson(record, {
        ...rest,
        version: record.version + 1,
        state: 'waiting',
        held: 'brake',
        hold,
        listed: { state: 'held', reason: 'leaving', since },
      });
    }
    const namesOn = (text: string) => [...text.matchAll(/held-\d\d/g)].map(([name]) => name);
    const first = await console_.get('brake');
    const seen = new Set(namesOn(first.page.text));
    expect(seen.size).toBe(50);
    const next = first.page.elements.find(({ attributes }) => attributes.rel === 'next');
    const address = String(next?.attributes.href).replace('/demo/console/', '');
    const some = (await console_.stored())
      .filter(({ person }) => seen.has(person.userName.slice(0, 7)))
      .slice(0, 5);
    await console_.post('brake/decide', { form: { decision: 'no', person: some.map(({ id }) => id) } });
    const second = await console_.get(address);
    expect(new Set(namesOn(second.page.text)).size).toBe(10);
    expect([...new Set(namesOn(second.page.text))].filter((name) => seen.has(name))).toEqual([]);
  });
});

describe('a sign-in', () => {
  it('is in the audit, with the role, at the tenant that was asked for', async () => {
    const console_ = openConsole();
    const key = console_.entry.renew();
    expect((await console_.get(`enter?key=${key}`, { cookie: '' })).status).toBe(303);
    const { entries } = await listActions(console_.services, 'demo', { limit: 10 });
    expect(entries).toMatchObject([
      { action: 'sign-in', by: 'operator of this machine', via: 'console', role: 'admin' },
    ]);
    expect((await listActions(console_.services, 'other', { limit: 10 })).entries).toEqual([]);
    expect((await console_.get(`enter?key=${key}`, { cookie: '' })).status).toBe(403);
    expect((await listActions(console_.services, 'demo', { limit: 10 })).entries).toHaveLength(1);
  });
});

describe('people', () => {
  it('are listed by the rule that is for them', async () => {
    const console_ = openConsole(OPEN);
    await create(console_, 'ada');
    await create(console_, 'gerda', { preferredLanguage: 'de-DE' });
    const { page } = await console_.get(`people?rule=${encodeURIComponent('German speakers')}`);
    expect(page.text).toContain('1 person on this page');
    expect(page.text).toContain('gerda@example.com');
    expect((await console_.get('people?rule=everyone&search=ada')).page.text).toContain(
      '1 person on this page',
    );
    expect((await console_.get('people?rule=none')).page.text).toContain('Nobody is listed here.');
    expect((await console_.get('people.csv?rule=everyone')).body.split('\r\n')).toHaveLength(4);
    expect(demoTenant().rules.map(({ name }) => name)).toContain('German speakers');
  });
});

describe('an agent that belongs to no person', () => {
  it('is given to a person who has none, by an operator', async () => {
    const console_ = openConsole(OPEN);
    await create(console_, 'grace');
    const [grace] = console_.simulator.agents();
    if (grace === undefined) throw new Error('no agent');
    const seeded = console_.simulator.seedAgent({
      emailId: 'old@example.com',
      firstName: 'Ada',
      lastName: 'Lovelace',
    });
    console_.simulator.setBehaviour({ faults: [{ kind: 'status', status: 503 }] });
    await create(console_, 'ada');
    console_.simulator.setBehaviour({ faults: [] });
    const early = await console_.post('reconciliation/adopt', {
      form: { agent: seeded.id, person: 'ada@example.com' },
    });
    expect(early.status).toBe(503);
    expect(early.page.text).toContain('not known yet of each agent whose it is');
    for (const tenant of ['demo', 'other'])
      await writeKeyPass(console_.directory, tenant, { account: accountOf(demoTenant()), isDone: true });
    const asked = await console_.get(`reconciliation/adopt?agent=${seeded.id}`, { role: 'operator' });
    expect(asked.page.text).toContain('becomes that of 1 person who has none');
    const form = { agent: seeded.id, person: 'ada@example.com', reason: 'the old address' };
    expect((await console_.post('reconciliation/adopt', { role: 'viewer', form })).status).toBe(403);
    const held = await console_.post('reconciliation/adopt', { form: { ...form, agent: grace.id } });
    expect(held.page.text).toContain('an agent belongs to one person');
    const done = await console_.post('reconciliation/adopt', { role: 'operator', form });
    expect(done.page.text).toContain('is that of ada@example.com now; its address was old@example.com');
    const { entries } = await listActions(console_.services, 'demo', { limit: 1 });
    expect(entries).toMatchObject([{ action: 'reconcile adopt', reason: 'the old address' }]);
    expect((await console_.post('reconciliation/adopt', { form: { agent: seeded.id } })).status).toBe(400);
    expect((await console_.post('reconciliation/adopt', { form: { person: 'ada' } })).status).toBe(400);
  });

  it('is shown as text, whatever is asked for', async () => {
    const console_ = openConsole();
    for (const each of NAUGHTY.filter((_, i) => i % 4 === 0)) {
      const text = encodeURIComponent(each.toWellFormed().slice(0, 1_000));
      for (const path of [
        `reconciliation/adopt?agent=${text}&person=${text}`,
        `people?rule=${text}`,
        `brake?held=x&after=${text}`,
      ]) {
        const { status, body } = await console_.get(path);
        expect([200, 400]).toContain(status);
        expect(body).not.toMatch(/[^\n\P{Cc}]|[\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
      }
    }
    const agent = { headers: { 'user-agent': NAUGHTY[0] } };
    await console_.send('GET', '/Users', agent as never);
    expect((await console_.get('set-up')).page.text).toContain(NAUGHTY[0]);
  });
});
