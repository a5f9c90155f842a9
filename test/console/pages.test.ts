import { describe, expect, it } from 'vitest';
import { SCRIPT } from '../../functions/console/assets/script.ts';
import { STYLE } from '../../functions/console/assets/style.ts';
import { listActions } from '../../functions/operate/audit.ts';
import { ada } from '../scim/door.ts';
import { formsOf, openConsole } from './console.ts';
import { NAUGHTY } from './naughty.ts';

/** What every page may weigh, and what there is of them. */
const MOST_BYTES = 60_000;

describe('Now', () => {
  it('says that nothing wants an operator when nothing does', async () => {
    const { status, page } = await openConsole().get('');
    expect(status).toBe(200);
    expect(page.text).toContain('Nothing. People become agents by themselves');
  });

  it("shows those who failed with SmartAssist's own words and what helps", async () => {
    const console_ = openConsole();
    const { body } = await console_.create(ada());
    const [record] = await console_.stored();
    if (record === undefined) throw new Error('nobody was stored');
    const words = 'SmartAssist refused the agent (400): the last name is <b>too long</b>';
    const at = new Date(console_.clock.now()).toISOString();
    const { dueAt: _, dueSince: __, ...rest } = record;
    await console_.directory.updatePerson(record, {
      ...rest,
      version: record.version + 1,
      state: 'failed',
      listed: { state: 'failed', reason: 'refused', since: at },
      attempts: {
        count: 1,
        unknown: false,
        lastError: { code: 'refused', reason: 'refused', message: words, at },
      },
    });
    const { page } = await console_.get('');
    expect(page.text).toContain('1 person failed');
    expect(page.text).toContain(words);
    expect(page.text).toContain('correct what they name, then retry');
    const link = page.elements.find(({ text }) => text === 'See and retry');
    expect(link?.attributes.href).toBe('/demo/console/failures#refused');
    const list = await console_.get('people?state=failed&reason=refused');
    expect(list.page.text).toContain('ada@example.com');
    expect(String(body.id)).not.toBe('');
  });

  it('is there while SmartAssist is not, and says so', async () => {
    const console_ = openConsole();
    console_.simulator.setBehaviour({ faults: [{ kind: 'drop-before' }] });
    await console_.create(ada());
    const { status, page } = await console_.get('');
    expect(status).toBe(200);
    expect(page.text).toContain('SmartAssist gave no usable answer.');
    expect(page.text).toContain('ECONNRESET');
    const [record] = await console_.stored();
    expect((await console_.get(`people/${record?.id}`)).page.text).toContain('gave no usable answer');
  });
});

describe('People', () => {
  async function crowd(count: number) {
    const console_ = openConsole({
      behaviour: { callsPerMinute: 10_000 },
      smartassist: { callsPerMinute: 5_000 },
    });
    for (let i = 0; i < count; i++) {
      const name = `person-${String(i).padStart(3, '0')}@example.com`;
      await console_.create(ada({ userName: name, externalId: `e${i}`, emails: [{ value: name }] }));
    }
    return console_;
  }

  it('are listed a page at a time, with the filters in the address, and the place is kept', async () => {
    const console_ = await crowd(60);
    const first = await console_.get('people?search=person-');
    expect(first.page.text).toContain('50 people on this page');
    const next = first.page.elements.find(({ attributes }) => attributes.rel === 'next');
    const address = String(next?.attributes.href).replace('/demo/console/', '');
    expect(address).toContain('search=person-');
    // Meanwhile the first of them changes, and another one comes.
    await console_.create(
      ada({
        userName: 'person-0000@example.com',
        externalId: 'new',
        emails: [{ value: 'person-0000@example.com' }],
      }),
    );
    const second = await console_.get(address);
    expect(second.page.text).toContain('10 people on this page');
    expect(second.page.text).not.toContain('person-049@');
  });

  it('say what to do where none is', async () => {
    expect((await openConsole().get('people')).page.text).toContain('Nobody is listed here.');
    expect((await openConsole().get('people?group=None')).page.text).toContain('there is no group None');
    expect((await openConsole().get('people?state=nonsense&reason=constructor')).status).toBe(200);
  });

  it('are downloaded as CSV, and no name is a formula', async () => {
    const console_ = openConsole();
    await console_.create(ada({ userName: '=cmd|x' }));
    const { headers, body } = await console_.get('people.csv');
    expect(headers['content-disposition']).toBe('attachment; filename="people-demo.csv"');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(body.split('\r\n')[1]).toMatch(/^'=cmd\|x,ada\.lovelace@example\.com,00u1,provisioned,done,/);
  });

  it('are retried with their number typed, by a named operator, which the audit has', async () => {
    const console_ = await crowd(25);
    const asked = await console_.get('people/retry?search=person-');
    expect(asked.page.text).toContain('25 people will be due at once');
    const form = { search: 'person-', reason: 'names were corrected' };
    const wrong = await console_.post('people/retry', { form: { ...form, typed: '24' } });
    expect(wrong).toMatchObject({ status: 400 });
    expect((await console_.stored()).filter(({ state }) => state === 'due')).toEqual([]);
    const done = await console_.post('people/retry', { form: { ...form, typed: '25' } });
    expect(done.page.text).toContain('25 people are due now.');
    expect((await console_.stored()).filter(({ state }) => state === 'due')).toHaveLength(25);
    const { entries } = await listActions(console_.services, 'demo', { limit: 1 });
    expect(entries[0]).toMatchObject({
      action: 'retry',
      by: 'Grace Hopper (grace)',
      via: 'console',
      reason: 'names were corrected',
      count: 25,
    });
  });

  it('are retried only as a selection: none means nobody, not everybody', async () => {
    const { status, page } = await openConsole().post('people/retry');
    expect(status).toBe(400);
    expect(page.text).toContain('Choose people first');
  });
});

describe('a person', () => {
  it('is shown with why the agent looks so, and without a phone number', async () => {
    const console_ = openConsole();
    const { body } = await console_.create(ada());
    const shown = await console_.get(`people/${body.id}`);
    expect(shown.page.text).toContain('The agent is as it should be.');
    expect(shown.page.text).toContain('everyone (set)');
    expect(shown.page.text).toContain('created');
    expect(shown.body).not.toMatch(/1234-?567/);
    const byName = await console_.get('people/ada%40example.com');
    expect(byName.page.text).toContain('The agent is as it should be.');
    expect((await console_.get('people/no-such-id')).status).toBe(404);
  });

  it('is provisioned now: first it is said what for, then each step, and the audit has it', async () => {
    const console_ = openConsole();
    console_.simulator.setBehaviour({ faults: [{ kind: 'drop-before' }] });
    const { body } = await console_.create(ada());
    console_.simulator.setBehaviour({ faults: [] });
    console_.clock.advance(10 * 60_000);
    const asked = await console_.get(`people/${body.id}/provision`);
    expect(formsOf(asked)[1]).toMatchObject({ action: `/demo/console/people/${body.id}/provision` });
    const done = await console_.post(`people/${body.id}/provision`, {
      form: { reason: 'asked for by phone' },
    });
    expect(done.page.text).toContain('provisioned');
    expect(console_.simulator.agents()).toHaveLength(1);
    const { entries } = await listActions(console_.services, 'demo', { limit: 1 });
    expect(entries[0]).toMatchObject({
      action: 'provision',
      by: 'Grace Hopper (grace)',
      reason: 'asked for by phone',
    });
    const again = await console_.get(`people/${body.id}`);
    expect(again.page.text).toContain('created');
    // Changed in SmartAssist itself, which takes a call to see: what is promised is what is done.
    const [agent] = console_.simulator.agents();
    console_.simulator.editAgent(agent?.id ?? '', { lastName: 'Byron' });
    expect(asked.page.text).toContain('has to be looked up first: up to 3 calls');
    const anew = await console_.get(`people/${body.id}/provision`);
    expect(anew.page.text).toContain('The agent is as it was written last: no call is made.');
    const before = console_.simulator.calls();
    await console_.post(`people/${body.id}/provision`);
    expect(console_.simulator.calls()).toEqual(before);
  });
});

describe('texts of others', () => {
  it('are shown as text on every page, whatever they are', async () => {
    const console_ = openConsole({
      behaviour: { callsPerMinute: 10_000 },
      smartassist: { callsPerMinute: 5_000 },
    });
    const ids: string[] = [];
    for (const [i, naughty] of NAUGHTY.entries()) {
      const userName = `${naughty}`.slice(0, 9_000);
      const { body } = await console_.create(
        ada({
          userName,
          externalId: `${i} ${naughty}`.slice(0, 500),
          name: { givenName: naughty.slice(0, 40), familyName: naughty.slice(0, 40) },
          emails: [{ value: `p${i}@example.com` }],
          displayName: naughty,
        }),
      );
      if (typeof body.id === 'string') ids.push(body.id);
    }
    expect(ids.length).toBeGreaterThan(30);
    const paths = [
      '',
      'people',
      ...ids.flatMap((id) => [`people/${id}`, `people/${id}/provision`, `people/retry?person=${id}`]),
      ...NAUGHTY.flatMap((each) => {
        const text = encodeURIComponent(each.toWellFormed().slice(0, 2_000));
        return [
          `people?search=${text}`,
          `people?group=${text}`,
          `people?state=${text}&source=${text}`,
          `people/${text}`,
        ];
      }),
    ];
    const last = await console_.directory.listPersons('demo', { limit: 1_000 });
    expect(last.persons.length).toBe(ids.length);
    for (const path of paths) {
      // Reading it strictly throws for markup that was not escaped.
      const { status, body } = await console_.get(path);
      expect([200, 400, 404]).toContain(status);
      expect(body).not.toMatch(/[^\n\P{Cc}]|[\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
      expect(Buffer.byteLength(body)).toBeLessThan(MOST_BYTES);
    }
  });

  it('are shown as text where people failed or are held, and in the audit', async () => {
    const console_ = openConsole({
      behaviour: { callsPerMinute: 10_000 },
      smartassist: { callsPerMinute: 5_000 },
    });
    for (const [i, message] of NAUGHTY.entries()) {
      await console_.create(
        ada({ userName: `n${i}@example.com`, externalId: `${i}`, emails: [{ value: `n${i}@example.com` }] }),
      );
      await console_.post('people/retry', { form: { person: `n${i}@example.com`, reason: message } });
    }
    const since = new Date(console_.clock.now()).toISOString();
    for (const [i, record] of (await console_.stored()).entries()) {
      const message = NAUGHTY[i] ?? '';
      const { dueAt: _, dueSince: __, ...rest } = record;
      const lastError = {
        code: 'refused',
        reason: 'refused',
        message,
        at: since,
        fields: [message],
        rules: [message],
      } as const;
      const hold = {
        movement: 'change',
        since,
        counted: 9,
        limit: 5,
        seconds: 60,
        fields: [message],
        rules: [message],
      } as const;
      const isFailed = i % 2 === 0;
      await console_.directory.updatePerson(record, {
        ...rest,
        version: record.version + 1,
        source: message.slice(0, 500),
        ...(isFailed
          ? {
              state: 'failed',
              listed: { state: 'failed', reason: 'refused', since },
              attempts: { count: 1, unknown: false, lastError },
            }
          : { state: 'waiting', held: 'brake', hold, listed: { state: 'held', reason: 'change', since } }),
      });
    }
    for (const path of [
      '',
      'people',
      'people?state=failed',
      'failures',
      'brake',
      'audit',
      'brake/decide?decision=yes&all=yes',
      'sources',
      'reconciliation',
      'mapping',
    ]) {
      const { status, body } = await console_.get(path);
      expect(status).toBe(200);
      expect(body).not.toMatch(/[^\n\P{Cc}]|[\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
      expect(Buffer.byteLength(body)).toBeLessThan(MOST_BYTES);
    }
  });

  it('would be noticed if they were not', async () => {
    const { parseMarkup } = await import('./markup.ts');
    for (const bad of [
      '<p><script>alert(1)</script></p>',
      '<p>a & b</p>',
      '<p title=x>y</p>',
      '<p onclick="x">y</p>',
      '<p>a > b</p>',
      '<p><b>x</p></b>',
      '<p>&lt</p>',
    ])
      expect(() => parseMarkup(bad), bad).toThrow();
  });
});

describe('what pages are dressed with', () => {
  it('is small', () => {
    expect(Buffer.byteLength(STYLE)).toBeLessThan(12 * 1024);
    expect(Buffer.byteLength(SCRIPT)).toBeLessThan(10 * 1024);
    expect(() => new Function(SCRIPT)).not.toThrow();
  });

  it('is kept by browsers for good, under an address that changes with it', async () => {
    const console_ = openConsole();
    const { page } = await console_.get('');
    const addresses = page.elements.flatMap(({ attributes }) => [attributes.src, attributes.href]);
    const assets = addresses.filter((each) => each?.includes('/assets/'));
    expect(assets).toHaveLength(3);
    for (const each of assets) {
      const path = String(each).replace('/demo/console/', '');
      const { status, headers } = await console_.get(path, { cookie: '' });
      expect(status).toBe(200);
      expect(headers['cache-control']).toContain('immutable');
      expect((await console_.get(path.replace(/[0-9a-f]{12}/, '0'.repeat(12)))).status).toBe(404);
    }
  });
});
