import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { jsonView } from '../../functions/events/json-view.ts';
import { recordsOf } from '../../functions/providers/file/csv.ts';
import { linesOf } from '../../functions/providers/file/lines.ts';
import { readAnswer } from '../../functions/smartassist/answer.ts';
import { readYaml } from '../../functions/tenant/yaml.ts';
import { parseBody } from '../../functions/webhook/parse.ts';
import { subjectOf } from '../../functions/webhook/security-events/subject.ts';
import { parseXml } from '../../functions/webhook/xml.ts';
import { openDoor } from '../scim/door.ts';
import { openHooks } from '../webhook/hooks.ts';
import { MAX_RATIO, ratioOf } from './work.ts';

const KILOBYTE = 1024;
const SECRET = 'a-secret-of-some-length';
const filled = (unit: string, bytes: number) => unit.repeat(Math.floor(bytes / unit.length));

function graph() {
  return openHooks({
    sources: { people: { preset: 'entra-graph', fetch: { tenantId: 't' } } },
    secrets: { people: [SECRET] },
  });
}

describe('an unproven batch', () => {
  it.each([
    ['3.9 MB of empty items', `{"value":[${filled('{},', 3_900 * KILOBYTE)}{}]}`, 3_900],
    ['250 KB of empty items', `{"value":[${filled('{},', 249 * KILOBYTE)}{}]}`, 250],
    ['250 KB of numbers', `{"value":[${filled('0,', 249 * KILOBYTE)}0]}`, 250],
    ['250 KB of lists in lists', `{"value":[${filled('[],', 249 * KILOBYTE)}[]]}`, 250],
    ['250 KB that never close', `{"value":${filled('[', 249 * KILOBYTE)}`, 250],
    ['250 KB beside the items', `{"value":[{}],"x":[${filled('[[]],', 249 * KILOBYTE)}0]}`, 250],
  ])('of %s costs about what a harmless one of its size costs', async (_, body, size) => {
    const hooks = graph();
    const harmless = `{"value":[{"clientState":"wrong"}],"x":"${filled('x', size * KILOBYTE)}"}`;
    const statuses = new Set<number>();
    const send = async (text: string) => statuses.add((await hooks.send('people', { body: text })).status);
    expect(
      await ratioOf(
        () => send(body),
        () => send(harmless),
      ),
    ).toBeLessThan(MAX_RATIO);
    for (const status of statuses) expect([400, 401, 413]).toContain(status);
    expect(await hooks.stored()).toEqual([]);
  });

  it('of 1,000 items is looked at, one of 1,001 is not', async () => {
    const batch = (count: number) => ({
      value: Array.from({ length: count }, () => ({ clientState: SECRET, changeType: 'x' })),
    });
    expect((await graph().send('people', { body: batch(1_000) })).status).toBe(202);
    expect((await graph().send('people', { body: batch(1_001) })).status).toBe(400);
  });
});

describe('a configuration', () => {
  it('with an alias at each of many depths costs about what one with as many names costs', async () => {
    const nested = (value: string) => `a: &a 1\n${filled(`b: { c: ${value}, d: `, 12 * KILOBYTE)}`;
    expect(
      await ratioOf(
        () => readYaml(nested('*a')),
        () => readYaml(nested('aa')),
      ),
    ).toBeLessThan(MAX_RATIO);
  });
});

describe('a file of people', () => {
  const read = async (text: string) => {
    const problems: string[] = [];
    const lines = linesOf(pieces(Buffer.from(text)));
    for await (const record of recordsOf(lines, ',')) if ('problem' in record) problems.push(record.problem);
    return problems;
  };

  async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    yield bytes;
  }

  it('whose quotes stay open line after line costs about what one costs whose quotes close', async () => {
    const line = filled('""', 2 * KILOBYTE);
    const open = `"${line}\n${filled(`${line}\n`, 196 * KILOBYTE)}`;
    expect(await read(open)).toEqual([expect.stringContaining('is not closed')]);
    expect(
      await ratioOf(
        () => read(open),
        () => read(filled(`"${line}"\n`, 200 * KILOBYTE)),
      ),
    ).toBeLessThan(MAX_RATIO);
  });
});

describe('a body of any format', () => {
  const parsed = (text: string, format: 'json' | 'form' | 'xml' | 'json-or-lines') =>
    parseBody(Buffer.from(text), 'application/json', format).catch((error: { code: string }) => error.code);

  it.each([
    ['json', 'nested', `${filled('[', 512 * KILOBYTE)}`],
    ['json', 'nested and closed', `${filled('[', 256 * KILOBYTE)}${filled(']', 256 * KILOBYTE)}`],
    ['json', 'nested by name', `${filled('{"a":', 512 * KILOBYTE)}`],
    ['form', 'nested', `a${filled('[b]', 512 * KILOBYTE)}=c`],
    ['form', 'nested without an end', `a${filled('[', 512 * KILOBYTE)}=c`],
    ['form', 'fields', filled('a&', 512 * KILOBYTE)],
    ['xml', 'nested', filled('<a>', 512 * KILOBYTE)],
    ['xml', 'elements', `<a>${filled('<b/>', 512 * KILOBYTE)}</a>`],
    ['json-or-lines', 'lines', filled('[]\n', 512 * KILOBYTE)],
    ['json-or-lines', 'empty lines', `x${filled('\n', 512 * KILOBYTE)}x`],
    ['json', 'elements', `[${filled('{},', 512 * KILOBYTE)}{}]`],
  ] as const)(
    '%s with too many %s is malformed, at the price of one that is not',
    async (format, _, text) => {
      const long = filled('some text ', 512 * KILOBYTE);
      const harmless = {
        json: `["${long}"]`,
        'json-or-lines': `["${long}"]`,
        form: `a=${long}`,
        xml: `<a>${long}</a>`,
      };
      expect(await parsed(text, format)).toBe('malformed-body');
      const ratio = await ratioOf(
        () => parsed(text, format),
        () => parsed(harmless[format], format),
      );
      expect(ratio).toBeLessThan(MAX_RATIO);
    },
  );

  it('xml with many elements of one name is read', async () => {
    const read = (text: string) => parseXml(text);
    const same = `<a>${filled('<b/>', 75 * KILOBYTE)}</a>`;
    const others = `<a>${filled('<b>some text in it</b>', 75 * KILOBYTE)}</a>`;
    expect((read(same) as { a: { b: unknown[] } }).a.b).toHaveLength(19_200);
    expect(
      await ratioOf(
        () => read(same),
        () => read(others),
      ),
    ).toBeLessThan(MAX_RATIO);
  });
});

describe('a long text', () => {
  it.each([
    ['a', 'a'],
    ['a string that never ends', '\\"'],
    ['strings', '""'],
    ['brackets', '('],
    ['blanks', ' '],
    ['URNs', 'urn:ietf:params:scim:schemas:core:2.0:Group:'],
  ])('as a filter, %s, is refused by its length', async (_, unit) => {
    const door = openDoor();
    const search = async (filter: string) =>
      door.send('POST', '/.search', {
        body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], filter },
      });
    const long = `"${filled(unit, 400 * KILOBYTE)}x`;
    expect((await search(long)).status).toBe(400);
    const harmless = `displayName eq "${filled('x', 4_000)}" ${filled(' ', 396 * KILOBYTE)}`;
    expect(
      await ratioOf(
        () => search(long),
        () => search(harmless),
      ),
    ).toBeLessThan(MAX_RATIO);
  });

  it.each(['x', '/', '//x', 'x/'])(
    "as the address of a security event's subject, of %s, is read once",
    async (unit) => {
      const subject = (uri: string) => subjectOf(jsonView({ format: 'scim', uri }));
      const long = filled(unit, 900 * KILOBYTE);
      const harmless = `https://example.com/v2/Users/${filled('1', 900 * KILOBYTE)}`;
      expect(
        await ratioOf(
          () => subject(`${long}//`),
          () => subject(harmless),
        ),
      ).toBeLessThan(MAX_RATIO);
    },
  );

  it.each(['eyJ', 'eyJa.', '1 ', '+1-', 'a.', ' ', '\u0001'])(
    'of %j as a reason of SmartAssist is redacted once',
    async (unit) => {
      const read = (message: string) =>
        readAnswer({ status: 400, headers: {}, body: JSON.stringify({ message }) }, z.unknown(), 0);
      const long = filled(unit, 900 * KILOBYTE);
      expect(
        await ratioOf(
          () => read(long),
          () => read(filled('some words ', 900 * KILOBYTE)),
        ),
      ).toBeLessThan(MAX_RATIO);
    },
  );

  it('in the place of a token is taken out, wherever it begins', () => {
    const read = (message: string) =>
      readAnswer({ status: 400, headers: {}, body: JSON.stringify({ message }) }, z.unknown(), 0);
    for (const text of ['eyJa.b.c', 'x.eyJa.b.c', 'xeyJa.b.', 'a.b.c.eyJab.cd.ef.gh', 'eyJ.eyJa.b.c']) {
      expect(JSON.stringify(read(text)), text).toContain('[token]');
      expect(JSON.stringify(read(text)), text).not.toContain('eyJa');
    }
  });
});

describe('SCIM JSON', () => {
  it.each([
    ['lists', filled('[', 900 * KILOBYTE)],
    ['lists that close', `${filled('[', 450 * KILOBYTE)}${filled(']', 450 * KILOBYTE)}`],
    ['objects that close', `${filled('{"a":', 700 * KILOBYTE)}1${filled('}', 140 * KILOBYTE)}`],
    ['a form', 'a[b]=c'],
  ])('of %s is refused with a 4xx, whatever it asks for', async (_, body) => {
    const door = openDoor();
    for (const path of ['/Users', '/Groups', '/Bulk', '/.search', '/Users/.search']) {
      const { status } = await door.send('POST', path, { body });
      expect(status, path).toBeGreaterThanOrEqual(400);
      expect(status, path).toBeLessThan(500);
    }
  });
});
