import { describe, expect, it } from 'vitest';
import { ALL_TIME, type Hooks, openHooks, SECONDS } from './hooks.ts';
import { KEY_SETS, KINDS, type Kind, type Proven, proven } from './kinds.ts';
import { textOf } from './providers.ts';

const ADA = 'ada@example.com';
const MEGABYTE = 1024 * 1024;

function open(kind: Kind): Hooks {
  return openHooks({
    sources: { people: kind.settings },
    secrets: { people: [kind.secret] },
    ...(kind.others === undefined ? {} : { others: { people: kind.others } }),
    provider: ({ url }) => {
      const keys = KEY_SETS[url];
      return keys === undefined ? undefined : { status: 200, headers: {}, body: JSON.stringify(keys) };
    },
  });
}

const send = (hooks: Hooks, { path = '', ...sent }: Proven, tenant = 'demo') =>
  hooks.send(`/${tenant}/hooks/people${path}`, sent);

/** All who are stored or to be read, by name. */
async function taken(hooks: Hooks): Promise<string[]> {
  const pending = await hooks.directory.duePendingEvents('demo', ALL_TIME, 1_000);
  const persons = await hooks.stored();
  return [...persons.map(({ person }) => person.userName), ...pending.map(({ id }) => id)];
}

const isSuccess = (status: number) => status >= 200 && status < 300;

const MALFORMED = [
  'garbage',
  '"',
  '=',
  ',',
  ' , ',
  '.',
  '..',
  'a.b.c',
  'null',
  'undefined',
  '[object Object]',
  'Bearer',
  'Bearer  ',
  'Basic',
  'Basic é',
  'sha256=',
  'v1,',
  'v1a,',
  't=,v1=',
  't=1,v1',
  '\u0000',
  'é€𝄞',
  '-1',
  '1e99',
  '0x10',
  '%00',
  '../..',
  'x'.repeat(100_000),
];

/** The request with its proof broken in each way; the proof's other parts stay as they are. */
function broken(kind: Kind): { what: string; sent: Proven; status?: number }[] {
  const right = proven(kind, ADA);
  const { place } = kind;
  switch (place.in) {
    case 'header':
      return place.names.flatMap((name) => {
        const value = right.headers?.[name] ?? '';
        const { [name]: _, ...rest } = right.headers ?? {};
        const without = (what: string, text: string) => ({
          what: `${what} ${name}`,
          sent: { ...right, headers: { ...rest, [name]: text } },
        });
        return [
          { what: `no ${name}`, sent: { ...right, headers: rest } },
          without('an empty', ''),
          without('a blank', '  '),
          // As an HTTP API joins what came twice.
          without('a doubled', `${value}, ${value}`),
          without('a doubled', `${value},${value}`),
          ...MALFORMED.map((text) => without(`"${text.slice(0, 20)}" as`, text)),
        ];
      });
    case 'query': {
      const { name } = place;
      const [value = ''] = Object.values(right.query ?? {});
      return [
        { what: 'no secret', sent: { ...right, query: {} } },
        { what: 'an empty one', sent: { ...right, query: { [name]: '' } } },
        {
          what: 'a doubled one',
          sent: { ...right, rawQuery: `${name}=${value}&${name}=${value}` },
        },
        ...MALFORMED.map((text) => ({
          what: text.slice(0, 20),
          sent: { ...right, query: { [name]: text } },
        })),
      ];
    }
    case 'path':
      return [
        { what: 'no secret', sent: { ...right, path: '' } },
        { what: 'an empty one', sent: { ...right, path: '/' } },
        { what: 'a doubled one', sent: { ...right, path: `${right.path}${right.path}` }, status: 404 },
        ...MALFORMED.filter((text) => !/[/.]/.test(text)).map((text) => ({
          what: text.slice(0, 20),
          sent: { ...right, path: `/${encodeURIComponent(text)}` },
        })),
      ];
    case 'item': {
      const { value } = JSON.parse(textOf(right.body)) as { value: Record<string, unknown>[] };
      const [first] = value;
      const wrong = [undefined, '', ' ', [kind.secret, kind.secret], {}, null, true, 0, ...MALFORMED];
      return wrong.map((clientState) => ({
        what: `${textOf(clientState ?? null).slice(0, 20)} as ${place.name}`,
        sent: { ...right, body: { value: [{ ...first, [place.name]: clientState }] } },
      }));
    }
    case 'body': {
      const token = textOf(right.body);
      return ['', ' ', `${token}, ${token}`, `${token}${token}`, ...MALFORMED].map((body) => ({
        what: body.slice(0, 20),
        sent: { ...right, body },
      }));
    }
  }
}

describe.each(KINDS)('$name', (kind) => {
  it('lets in what is right', async () => {
    const hooks = open(kind);
    const { status, body } = await send(hooks, proven(kind, ADA));
    expect(isSuccess(status), body).toBe(true);
    expect(await taken(hooks)).toHaveLength(1);
  });

  it('lets in nothing whose proof is missing, empty, doubled or malformed, and counts each', async () => {
    const hooks = open(kind);
    const wrong = broken(kind);
    for (const { what, sent, status = 401 } of wrong) {
      expect((await send(hooks, sent)).status, what).toBe(status);
    }
    expect(await taken(hooks)).toEqual([]);
    const counted = Object.values(hooks.numbers.of('Rejected')).reduce((sum, count) => sum + count, 0);
    // A path that is none is nobody's request.
    expect(counted).toBe(wrong.filter(({ status }) => status !== 404).length);
    expect(hooks.logged.join()).not.toContain(kind.secret);
  });

  it("lets in nothing on another tenant's path, and nothing that is proven with another secret", async () => {
    const hooks = open(kind);
    expect((await send(hooks, proven(kind, ADA), 'other')).status).toBe(401);
    const forged = kind.secret.replace(/.(?=[^A-Za-z0-9]*$)/, (last) => (last === 'Q' ? 'R' : 'Q'));
    if (kind.others === undefined) {
      expect((await send(hooks, proven(kind, ADA, { secret: forged }))).status).toBe(401);
    }
    const { persons } = await hooks.directory.listPersons('other', { limit: 10 });
    expect([...(await taken(hooks)), ...persons]).toEqual([]);
  });

  // What carries no time has none that could be too old.
  if (kind.time !== undefined) {
    it('lets in nothing that is too old or of the future', async () => {
      const hooks = open(kind);
      const at = (offset: number, early: number) =>
        kind.time === 'stamp'
          ? proven(kind, ADA, { seconds: SECONDS + offset })
          : proven(kind, ADA, { claims: offset < 0 ? { exp: SECONDS + early } : { nbf: SECONDS - early } });
      for (const offset of [-301, 301, -86_400, 86_400, -1e9, 1e9]) {
        expect((await send(hooks, at(offset, -61))).status, String(offset)).toBe(401);
      }
      expect(await taken(hooks)).toEqual([]);
      for (const offset of [-299, 299]) {
        expect(isSuccess((await send(hooks, at(offset, -59))).status), String(offset)).toBe(true);
      }
    });
  }

  it('takes no other body for the one that was proven, be it by one bit', async () => {
    const hooks = open(kind);
    const sent = proven(kind, ADA);
    const body = Buffer.from(textOf(sent.body));
    const statuses = new Set<number>();
    for (let index = 0; index < body.length; index += 1) {
      const changed = Buffer.from(body);
      changed.writeUInt8(changed.readUInt8(index) ^ (1 << (index % 8)), index);
      const { status } = await send(hooks, { ...sent, body: changed });
      statuses.add(status);
    }
    if (kind.bindsBody) {
      expect([...statuses]).toEqual([401]);
      expect(await taken(hooks)).toEqual([]);
    } else {
      // Nobody can tell; but nothing that came so puts a person out of service, and nothing breaks.
      expect([...statuses].filter((status) => status >= 500)).toEqual([]);
    }
  });

  it('takes a batch of 500 but for the one in it that is bad', async () => {
    const hooks = open(kind);
    const names = Array.from({ length: 500 }, (_, index) =>
      index === 250 ? undefined : `u${index}@example.com`,
    );
    const batch = kind.batch?.(names) ?? names.map((name) => kind.event(name ?? ''));
    const { status } = await send(hooks, kind.prove(textOf(batch)));
    expect(status).toBeLessThan(500);
    expect(isSuccess(status)).toBe(kind.batch !== undefined || status === 200);
    // Who sends one at a time is understood one at a time.
    expect(await taken(hooks)).toHaveLength(kind.batch === undefined ? 0 : 499);
  });

  it('refuses 6 MB before anything else is done with it', { timeout: 5_000 }, async () => {
    const hooks = open(kind);
    const sent = proven(kind, ADA);
    const body =
      kind.place.in === 'body' ? 'x'.repeat(6 * MEGABYTE) : `${textOf(sent.body)}${' '.repeat(6 * MEGABYTE)}`;
    expect((await send(hooks, { ...sent, body })).status).toBe(413);
    expect(await taken(hooks)).toEqual([]);
  });

  it.each([
    ['a form', 'type=user.created&data[userName]=ada', 'application/x-www-form-urlencoded'],
    ['lines of JSON', '{"type":"user.created"}\n{"type":"user.created"}\n', 'application/x-ndjson'],
    ['a bare string', 'hello', 'text/plain'],
    ['a JSON string', '"hello"', 'application/json'],
    ['null', 'null', 'application/json'],
    ['a number', '5', 'application/json'],
    ['invalid JSON', '{"type":', 'application/json'],
    ['JSON nested too deep', `${'['.repeat(500)}${']'.repeat(500)}`, 'application/json'],
    [
      'XML with entities',
      '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
      'text/xml',
    ],
    ['bytes that are no text', '\u00ff\u00fe', 'application/json'],
  ])('makes nothing of %s, and never fails by it', async (_, body, contentType) => {
    const hooks = open(kind);
    const sent = kind.prove(body);
    const { status } = await send(hooks, withType(sent, contentType));
    // A token is read by its claims alone, and its claims are of no known type then.
    const allowed = kind.place.in === 'body' ? [200] : kind.place.in === 'item' ? [400, 401] : [400];
    expect(allowed.concat(body.startsWith('type=') ? [200] : [])).toContain(status);
    expect(await taken(hooks)).toEqual([]);
    expect(hooks.calls.filter(({ url }) => !(url in KEY_SETS))).toEqual([]);
  });

  it('answers an event of an unknown type with a success, counts it and changes nothing', async () => {
    const hooks = open(kind);
    const { status } = await send(hooks, kind.prove(textOf(kind.unknown)));
    expect(isSuccess(status)).toBe(true);
    expect(hooks.numbers.of('Ignored')).toEqual({ '': 1 });
    expect(hooks.numbers.of('Rejected')).toEqual({});
    expect(await taken(hooks)).toEqual([]);
  });
});

function withType(sent: Proven, contentType: string): Proven {
  return { ...sent, headers: { ...sent.headers, 'content-type': contentType } };
}
