import { describe, expect, it } from 'vitest';
import { keepDraft } from '../../functions/operate/configuration/draft.ts';
import { planOn } from '../../functions/operate/configuration/plan-draft.ts';
import { isApproved } from '../../functions/provision/brake/approvals.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { activate, readActive, readContent } from '../../functions/tenant/generation/store.ts';
import { demoTenant } from '../mapping/demo.ts';
import { ada } from '../scim/door.ts';
import { type Console, openConsole, type Shown } from './console.ts';
import { NAUGHTY } from './naughty.ts';

const CHANGED =
  'provisionWhen: active eq true\nrules:\n  - name: all\n    set: { agentGroup: Billing, role: Agent, chat: { languages: [{ language: en, proficiency: good }], capacity: 2 } }\n';

/** A console over a directory with a generation, and people in it. */
async function withPeople(names: readonly string[] = ['ada']): Promise<Console> {
  const console_ = openConsole({
    behaviour: { callsPerMinute: 10_000 },
    smartassist: { callsPerMinute: 5_000 },
  });
  await push(console_, { demo: demoTenant() });
  for (const name of names) {
    const address = `${name}@example.com`;
    await console_.create(
      ada({ userName: address, externalId: name, emails: [{ value: address, type: 'work', primary: true }] }),
    );
  }
  return console_;
}

async function push(
  { directory, clock }: Console,
  tenants: Readonly<Record<string, TenantConfiguration>>,
): Promise<number> {
  const terms = { after: await readActive(directory), now: clock.now(), by: 'carol', isDeployment: true };
  const { entry } = await activate(directory, { tenants: { ...tenants } }, terms);
  return entry.number;
}

/** Where the browser is led. */
const placeOf = ({ headers }: Shown) => String(headers.location).replace('/demo/console/', '');

async function planned(console_: Console, mapping = CHANGED): Promise<string> {
  const answer = await console_.post('mapping/check', { role: 'operator', form: { mapping } });
  expect(answer.status).toBe(303);
  return placeOf(answer);
}

async function activeTenant({ directory }: Console, name = 'demo'): Promise<TenantConfiguration | undefined> {
  const active = await readActive(directory);
  return active && (await readContent(directory, active.entry)).tenants[name];
}

describe('Mapping', () => {
  it('shows the rules, the names and the generations, and how to change them', async () => {
    const console_ = await withPeople();
    const { status, page } = await console_.get('mapping');
    expect(status).toBe(200);
    expect(page.text).toContain('Generation 1 is active');
    for (const { name } of demoTenant().rules) expect(page.text).toContain(name);
    expect(page.text).toContain('SmartAssist has every name');
    expect(page.text).toContain('carol');
    expect(page.elements.some(({ text }) => text === 'Change the mapping')).toBe(true);
    const viewer = await console_.get('mapping', { role: 'viewer' });
    expect(viewer.page.text).not.toContain('Change the mapping');
    expect((await console_.get('mapping.csv')).body).toContain('rule,when,people');
    expect((await console_.get('mapping.yaml')).body).toContain('provisionWhen:');
  });

  it('says that none is active where none is', async () => {
    const console_ = openConsole();
    expect((await console_.get('mapping')).page.text).toContain('No generation is active yet');
    expect((await console_.get('mapping/edit')).status).toBe(503);
  });

  it('leaves out of its history what concerns other tenants alone', async () => {
    const console_ = await withPeople();
    const other = { ...demoTenant(), rules: [] };
    const terms = { now: console_.clock.now(), isDeployment: true, reason: 'a word for the others' };
    const tenants = { demo: demoTenant(), other };
    await activate(
      console_.directory,
      { tenants },
      { ...terms, after: await readActive(console_.directory), by: 'dave' },
    );
    const { page } = await console_.get('mapping');
    expect(page.text).toContain('Generation 2 is active');
    expect(page.text).not.toContain('dave');
    expect(page.text).not.toContain('a word for the others');
  });

  it('says where a changed one is wrong, keeps the text, and changes nothing', async () => {
    const console_ = await withPeople();
    const wrong = 'rules:\n  - name: all\n    set: { agentGroup: Bililng }\n  - nmae: x\n';
    const { status, page } = await console_.post('mapping/check', { form: { mapping: wrong } });
    expect(status).toBe(400);
    expect(page.text).toContain('line:4:5: rules[1].nmae');
    expect(page.text).toContain('agentGroup: Bililng');
    const unknown = await console_.post('mapping/check', {
      form: { mapping: 'rules:\n  - name: all\n    set: { agentGroup: Bililng }\n' },
    });
    expect(unknown.page.text).toContain('line:3:');
    expect(unknown.page.text).toContain('the nearest names are: Billing');
    const forbidden = await console_.post('mapping/check', { form: { mapping: 'smartassist: { host: x }' } });
    expect(forbidden.page.text).toContain('is changed by push, with rights on AWS');
    const same = await console_.post('mapping/check', {
      form: { mapping: (await console_.get('mapping.yaml')).body.replaceAll('\n', '\r\n') },
    });
    expect(same.page.text).toContain('Nothing differs from generation 1');
    expect((await readActive(console_.directory))?.entry.number).toBe(1);
  });

  it('is planned by reason, field and rule, activated by an admin, and gone back from', async () => {
    const console_ = await withPeople(['ada', 'grace']);
    const plan = await planned(console_);
    const { page } = await console_.get(plan, { role: 'operator' });
    expect(page.text).toContain('2 people looked at; nothing is changed yet');
    expect(page.text).toContain('An admin activates it');
    expect(page.text).toContain('4 calls to SmartAssist at the most, about 1 minute');
    expect((await console_.post(`${plan}/activate`, { role: 'operator' })).status).toBe(403);
    const asked = await console_.get(`${plan}/activate`);
    expect(asked.page.text).toContain('2 people are changed by it');
    const done = await console_.post(`${plan}/activate`, { form: { reason: 'new rules', passes: 'yes' } });
    expect(done.page.text).toContain('Generation 2 is active');
    expect(done.page.text).toContain('2 people pass the brake, as planned');
    expect((await activeTenant(console_))?.provisionWhen).toBe('active eq true');
    const entry = (await readActive(console_.directory))?.entry;
    expect(entry).toMatchObject({ by: 'Grace Hopper (grace)', reason: 'new rules' });
    expect((await console_.get('audit')).page.text).toContain('push');

    const back = await console_.post('mapping/back/1', { role: 'operator' });
    expect(back.status).toBe(303);
    const again = await console_.post(`${placeOf(back)}/activate`);
    expect(again.page.text).toContain('Generation 3 is active');
    expect((await activeTenant(console_))?.rules).toEqual(JSON.parse(JSON.stringify(demoTenant().rules)));
    expect((await console_.get('mapping')).page.text).toContain('back to 1.');
    expect((await console_.get('mapping/back/99')).status).toBe(400);
  });

  it('counts fields and rules of what changes', async () => {
    const console_ = await withPeople();
    const { page } = await console_.get(await planned(console_));
    expect(page.text).toContain('By field');
    expect(page.text).toContain('agentGroup: 1');
    expect(page.text).toContain('By rule');
    expect(page.text).toContain('all: 1');
  });

  it('is not activated after another generation than it was planned after', async () => {
    const console_ = await withPeople();
    const plan = await planned(console_);
    await push(console_, { demo: { ...demoTenant(), rules: [] } });
    const { status, page } = await console_.post(`${plan}/activate`);
    expect(status).toBe(409);
    expect(page.text).toContain('It was planned after generation 1; meanwhile generation 2, of carol');
    expect((await readActive(console_.directory))?.entry.number).toBe(2);
  });

  it('is not activated where people would be changed in another way by now, or after an hour', async () => {
    const names = ['ada', 'grace', 'alan', 'edsger', 'barbara'];
    const console_ = await withPeople(names);
    const plan = await planned(console_);
    for (const record of await console_.stored()) {
      const { version, ...rest } = record;
      const person = { ...record.person, active: false };
      await console_.directory.updatePerson(record, { ...rest, version: version + 1, person });
    }
    const { status, page } = await console_.post(`${plan}/activate`);
    expect(status).toBe(409);
    expect(page.text).toContain('5 people would be changed in another way than was planned, and 3 may');
    const again = await planned(console_, CHANGED.replace('all', 'each'));
    console_.clock.advance(61 * 60_000);
    expect((await console_.post(`${again}/activate`)).page.text).toContain('older than an hour');
    expect((await readActive(console_.directory))?.entry.number).toBe(1);
  });

  it('lets exactly the people of the plan pass the brake, and none without the word', async () => {
    const console_ = await withPeople();
    const [record] = await console_.stored();
    const plan = await planned(console_);
    await console_.post(`${plan}/activate`);
    const digest = (await readActive(console_.directory))?.entry.digest ?? '';
    const { planner } = openTenant('demo', (await activeTenant(console_)) ?? demoTenant(), console_.services);
    if (record === undefined) throw new Error('nobody was stored');
    const made = await planner.plan(record, { urgency: 'backfill', deadline: Number.MAX_SAFE_INTEGER });
    const of = made.kind === 'agent' ? made.hash : '';
    const approval = { id: record.id, of };
    expect(await isApproved(console_.directory, 'demo', digest, approval)).toBe(false);
    const again = await planned(console_, CHANGED.replace('capacity: 2', 'capacity: 4'));
    await console_.post(`${again}/activate`, { form: { passes: 'yes' } });
    const later = (await readActive(console_.directory))?.entry.digest ?? '';
    const next = openTenant(
      'demo',
      (await activeTenant(console_)) ?? demoTenant(),
      console_.services,
    ).planner;
    const nextMade = await next.plan(record, { urgency: 'backfill', deadline: Number.MAX_SAFE_INTEGER });
    const nextOf = nextMade.kind === 'agent' ? nextMade.hash : '';
    expect(await isApproved(console_.directory, 'demo', later, { id: record.id, of: nextOf })).toBe(true);
    expect(await isApproved(console_.directory, 'demo', later, { id: 'another', of: nextOf })).toBe(false);
  });

  it('is planned in steps where people are many, each within a request', async () => {
    const console_ = await withPeople();
    const [first] = await console_.stored();
    if (first === undefined) throw new Error('nobody was stored');
    for (let i = 0; i < 1_200; i += 1) {
      const userName = `many-${i}@example.com`;
      const person = { ...first.person, userName, externalId: `m${i}`, emails: [{ value: userName }] };
      await console_.directory.createPerson({
        ...first,
        id: `many-${i}`,
        version: 1,
        person,
        state: 'waiting',
        agent: { customId: `c${i}`, presence: 'none' },
      });
    }
    const active = await readActive(console_.directory);
    if (active === undefined) throw new Error('no generation');
    const before = await readContent(console_.directory, active.entry);
    const tenant = { ...demoTenant(), provisionWhen: 'active eq true' };
    const actor = { by: 'grace' };
    const id = await keepDraft(console_.services, 'demo', { tenant, active: before, after: 1, actor });
    const owner = openTenant('demo', demoTenant(), console_.services);
    const begun = await planOn(console_.services, owner, id, 0);
    expect(begun).toMatchObject({ looked: 200, total: 1_201, isDone: false });
    const shown = await console_.get(`mapping/plan/${id}`);
    expect(shown.page.text).toContain('200 of about 1,201 people');
    expect(shown.page.elements.some(({ attributes }) => attributes['data-goes-on'] === 'plan')).toBe(true);
    expect((await console_.post(`mapping/plan/${id}/activate`)).page.text).toContain('not made to its end');
    expect((await console_.post(`mapping/plan/${id}`, { role: 'viewer' })).status).toBe(403);
    const on = await console_.post(`mapping/plan/${id}`, { role: 'operator' });
    expect(placeOf(on)).toBe(`mapping/plan/${id}`);
    const whole = await console_.get(`mapping/plan/${id}`);
    expect(whole.page.text).toContain('1,201 people looked at');
    expect(whole.page.text).toContain('More than 1,000 people would be changed');
    expect((await console_.get(`mapping/plan/${id}/activate`)).page.text).not.toContain('passes the brake');
    const untyped = await console_.post(`mapping/plan/${id}/activate`);
    expect(untyped.page.text).toContain('was not typed');
  });

  it('says that a plan is gone, and takes no place outside', async () => {
    const console_ = await withPeople();
    for (const path of ['mapping/plan/none', 'mapping/plan/..%2Factive', 'mapping/plan/none/activate']) {
      expect((await console_.get(path)).page.text).toContain('There is no such plan');
    }
  });
});

describe('trying a person', () => {
  const json = JSON.stringify(ada({ userName: 'new@example.com' }));

  it('shows the agent that a pasted person would be, without a call, and no phone number', async () => {
    const console_ = await withPeople();
    const calls = console_.simulator.agents().length;
    const { status, page } = await console_.post('mapping/try', { role: 'viewer', form: { json } });
    expect(status).toBe(200);
    expect(page.text).toContain('Would be an agent like this');
    expect(page.text).toContain('agentGroup');
    expect(page.text).toContain('not shown');
    expect(console_.simulator.agents().length).toBe(calls);
    expect(await console_.stored()).toHaveLength(1);
  });

  it('takes somebody who is here by name, and a mapping that is planned', async () => {
    const console_ = await withPeople();
    const named = await console_.post('mapping/try', { form: { name: 'ADA@example.com' } });
    expect(named.page.text).toContain('Would be an agent like this');
    const plan = await planned(console_, CHANGED.replace('active eq true', 'active eq false'));
    const draft = plan.replace('mapping/plan/', '');
    expect((await console_.get(`mapping/try?draft=${draft}`)).page.text).toContain('that is planned');
    const other = await console_.post('mapping/try', { form: { name: 'ada@example.com', draft } });
    expect(other.page.text).toContain('Not to be an agent: provisionWhen says no');
  });

  it('says what is wrong with what was pasted', async () => {
    const console_ = await withPeople();
    for (const [form, words] of [
      [{ json: '{' }, 'That is not JSON'],
      [{ json: '[]' }, 'must be a JSON object'],
      [{ json: '{}' }, 'userName'],
      [{ name: 'nobody@example.com' }, 'nobody in the directory'],
    ] as const) {
      const { status, page } = await console_.post('mapping/try', { form });
      expect(status).toBe(400);
      expect(page.text).toContain(words);
    }
  });
});

describe('texts of others on the pages of the mapping', () => {
  it('are shown as text', async () => {
    const console_ = await withPeople();
    const rules = NAUGHTY.map((each) => ({
      name: each.slice(0, 2_000).trim() || 'x',
      set: { role: 'Agent' },
    }));
    const named = rules.filter(({ name }, index) => rules.findIndex((rule) => rule.name === name) === index);
    const tenant = { ...demoTenant(), rules: [...demoTenant().rules, ...named] };
    const active = await readActive(console_.directory);
    const before = active && (await readContent(console_.directory, active.entry));
    if (before === undefined) throw new Error('no generation');
    const id = await keepDraft(console_.services, 'demo', {
      tenant,
      active: before,
      after: 1,
      actor: { by: NAUGHTY[1] ?? '' },
    });
    await planOn(console_.services, openTenant('demo', demoTenant(), console_.services), id, 0);
    await push(console_, { demo: tenant });
    const pages = [
      await console_.get('mapping'),
      await console_.get('mapping/edit'),
      await console_.get(`mapping/plan/${id}`),
      await console_.get(`mapping/plan/${id}/activate`),
    ];
    const whens = NAUGHTY.map((each, i) => `{ name: a${i}, when: ${JSON.stringify(each)} }`);
    pages.push(await console_.post('mapping/check', { form: { mapping: `rules: [${whens.join(', ')}]` } }));
    // One of each kind; pages of people show all of them by the same means.
    for (const each of NAUGHTY.filter((_, i) => i % 5 === 0)) {
      const userName = each.toWellFormed();
      pages.push(
        await console_.post('mapping/check', { form: { mapping: userName } }),
        await console_.post('mapping/try', { form: { name: userName } }),
        await console_.post('mapping/try', {
          form: { json: JSON.stringify({ userName, displayName: each }) },
        }),
        await console_.get(`mapping/back/${encodeURIComponent(userName.slice(0, 500))}`),
      );
    }
    for (const { status, body } of pages) {
      expect([200, 303, 400, 404, 503]).toContain(status);
      expect(body).not.toMatch(/[^\n\P{Cc}]|[\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
    }
    // What is written there can be sent again, and means the same.
    const [, edit] = pages;
    const shown = edit?.page.elements.find(({ name }) => name === 'textarea')?.text ?? '';
    const same = await console_.post('mapping/check', { form: { mapping: shown } });
    expect(same.page.text).toContain('Nothing differs from generation 2');
  });
});
