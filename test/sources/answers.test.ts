import { describe, expect, it } from 'vitest';
import { jsonView } from '../../functions/events/json-view.ts';
import { elementsOf, idsOf, namedIn, rowsOf } from '../../functions/sources/elements.ts';
import {
  type Exchange,
  type FetchContext,
  FetchError,
  UnreadableList,
} from '../../functions/sources/fetcher.ts';
import { everyGroup, readGroups } from '../../functions/sources/groups.ts';
import { baseUrl, basic, credential, option, segment } from '../../functions/sources/option.ts';
import { standingIn, unknownStatusText } from '../../functions/sources/status.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';

const OKTA = { preset: 'okta-event-hook', fetch: { domain: 'acme.okta.com' } };

/** What a reader of a source works with that reads the groups of people. */
const contextOf = (source: object = OKTA, more: Partial<FetchContext> = {}) =>
  ({
    settings: sourceSchema.parse(source),
    credentials: ['id', 'a-secret'],
    readsGroups: true,
    ...more,
  }) as FetchContext;

const viewsOf = (...values: readonly unknown[]) => values.map((value) => jsonView(value));

describe('a list in an answer', () => {
  it('has its elements, and may have none', () => {
    expect(elementsOf(jsonView({ data: [1, 2] }), 'data').map(({ value }) => value)).toEqual([1, 2]);
    expect(elementsOf(jsonView([1]), '').map(({ value }) => value)).toEqual([1]);
    expect(elementsOf(jsonView({ data: [] }), 'data')).toEqual([]);
  });

  it.each([
    ['is not there', { other: [] }, 'data', 'the answer has no list "data"'],
    ['is null', { data: null }, 'data', 'the answer has no list "data"'],
    ['is an object', { data: {} }, 'data', 'the answer has no list "data"'],
    ['is to be the whole answer', {}, '', 'the answer has no list'],
  ])('that %s is no empty one', (_, body, path, message) => {
    expect(() => elementsOf(jsonView(body), path)).toThrow(new UnreadableList(message));
  });

  it('is empty where the provider leaves out empty lists, and nothing else stands in its place', () => {
    expect(elementsOf(jsonView({}), 'data', true)).toEqual([]);
    for (const body of [{ data: null }, { data: 'none' }, [], 'no JSON', undefined])
      expect(() => elementsOf(jsonView(body), 'data', true)).toThrow(UnreadableList);
  });
});

describe('elements of a list', () => {
  const rowOf = (_: unknown, id: string) => ({ is: 'changed', id }) as const;

  it('are a row each, also those without an id, which say where they stand and what they are', () => {
    const elements = viewsOf({ name: 'A' }, { id: '1' }, [], 'text', null, 7, { id: '' });
    expect(rowsOf(elements, 'id', rowOf)).toEqual([
      { is: 'unusable', id: 'row 1', reason: 'it has no id', isNameless: true },
      { is: 'changed', id: '1' },
      { is: 'unusable', id: 'row 3', reason: 'it is a list, behind 1', isNameless: true },
      { is: 'unusable', id: 'row 4', reason: 'it is a text, behind 1', isNameless: true },
      { is: 'unusable', id: 'row 5', reason: 'it is null, behind 1', isNameless: true },
      { is: 'unusable', id: 'row 6', reason: 'it is 7, behind 1', isNameless: true },
      { is: 'unusable', id: 'row 7', reason: 'it has no id, behind 1', isNameless: true },
    ]);
  });

  it('have their ids where the provider has them', () => {
    const elements = viewsOf({ user: { key: 'a' } }, {});
    expect(rowsOf(elements, 'user.key', rowOf)).toMatchObject([
      { id: 'a' },
      { reason: 'it has no user.key, behind a' },
    ]);
    const idOf = (element: (typeof elements)[number]) => element.text('user.key');
    expect(rowsOf(elements, idOf, rowOf)).toMatchObject([{ id: 'a' }, { reason: 'it has no id, behind a' }]);
  });

  it('are none of them left out where only ids are asked for', () => {
    expect(idsOf(viewsOf({ id: '1' }, { id: 2 }))).toEqual(['1', '2']);
    expect(idsOf(viewsOf({ user: '1' }), 'user')).toEqual(['1']);
    expect(() => idsOf(viewsOf({ id: '1' }, {}))).toThrow(
      new UnreadableList('an element of a list: it has no id'),
    );
    expect(() => idsOf(viewsOf({ id: '1' }), 'user')).toThrow('it has no user');
  });

  it('that are groups have an id and a name', () => {
    const nameOf = (element: ReturnType<typeof jsonView>) => element.text('name');
    expect(namedIn(viewsOf({ id: '1', name: 'A' }), nameOf)).toEqual([{ id: '1', display: 'A' }]);
    for (const group of [{ id: '1' }, { name: 'A' }])
      expect(() => namedIn(viewsOf({ id: '1', name: 'A' }, group), nameOf)).toThrow(
        new UnreadableList('a group has no id or no name'),
      );
  });
});

describe('the groups of a person', () => {
  const groups = [{ id: '1', display: 'Contact Centre' }];
  const refuse = (error: Error) => async () => {
    throw error;
  };
  const SCOPED = { ...OKTA, scope: { groups: ['Contact Centre'] } };
  const forbidden = new FetchError('answered 403', { isPermanent: true });

  it('are read where something speaks of groups, and not asked for elsewhere', async () => {
    expect(await readGroups(contextOf(), async () => groups)).toEqual({ groups });
    expect(await readGroups(contextOf(OKTA, { readsGroups: false }), refuse(new Error('asked')))).toEqual({});
  });

  it('cost nothing else where they may not be read or can not be told', async () => {
    for (const error of [forbidden, new UnreadableList('the answer has no list')])
      expect(await readGroups(contextOf(), refuse(error))).toEqual({ unread: `groups: ${error.message}` });
  });

  it('are asked for again where the provider is in trouble', async () => {
    for (const error of [new FetchError('answered 500'), new Error('our own')])
      await expect(readGroups(contextOf(), refuse(error))).rejects.toBe(error);
  });

  it('have to be known where the scope is made of them', async () => {
    await expect(readGroups(contextOf(SCOPED), refuse(forbidden))).rejects.toBe(forbidden);
  });

  const page = (number: number, last: number, status = 200): Exchange => ({
    status,
    headers: {},
    body: jsonView({ number, next: number < last ? `https://idp.example/${number + 1}` : undefined }),
  });
  const every = (pageAt: (number: number) => Exchange) =>
    everyGroup(
      async (url) => pageAt(Number(url.split('/').at(-1))),
      'https://idp.example/1',
      ({ body }) => [{ id: body.text('number') ?? '' }],
      ({ body }) => body.text('next'),
    );

  it('are those of all pages', async () => {
    expect(await every((number) => page(number, 3))).toEqual([{ id: '1' }, { id: '2' }, { id: '3' }]);
    expect(await every((number) => page(number, 25))).toHaveLength(25);
  });

  it('are not told by a list that is cut, or by an answer that there is none', async () => {
    await expect(every((number) => page(number, 26))).rejects.toMatchObject({
      message: 'the person is in more than 25 groups',
      isPermanent: true,
    });
    await expect(every((number) => page(number, 3, number === 2 ? 404 : 200))).rejects.toMatchObject({
      message: expect.stringContaining('404'),
      isPermanent: true,
    });
  });
});

describe('what a source is read with', () => {
  it('is what the configuration says, or else what is usual', () => {
    expect(option(contextOf(), 'domain', 'usual')).toBe('acme.okta.com');
    expect(option(contextOf(), 'region', 'usual')).toBe('usual');
    expect(() => option(contextOf({ preset: 'auth0' }), 'domain')).toThrow(
      expect.objectContaining({
        message: 'fetch.domain is missing in the configuration of the source',
        isPermanent: true,
      }),
    );
  });

  it('are the credentials by their place, and a missing one is for an operator', () => {
    expect([credential(contextOf()), credential(contextOf(), 1)]).toEqual(['id', 'a-secret']);
    expect(() => credential(contextOf(), 2)).toThrow(
      expect.objectContaining({ message: expect.stringContaining('<name>.fetch'), isPermanent: true }),
    );
  });

  it.each([
    ['https://api.example', 'https://api.example'],
    ['https://api.example/', 'https://api.example'],
    ['https://api.example/v2///', 'https://api.example/v2'],
  ])('is the address %s without a slash at its end', (url, expected) => {
    expect(baseUrl(contextOf(OKTA), () => url)).toBe(expected);
    const configured = { preset: 'scim-server', fetch: { baseUrl: url } };
    expect(baseUrl(contextOf(configured), () => 'https://usual.example')).toBe(expected);
  });

  it('is a name and a password as RFC 7617 has them', () => {
    expect(basic('Aladdin', 'open sesame')).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
    expect(basic('test', '123£')).toBe('Basic dGVzdDoxMjPCow==');
  });

  it('is an id as one step of a path, and never one that leads elsewhere', () => {
    expect(segment('a/b?c#d é')).toBe('a%2Fb%3Fc%23d%20%C3%A9');
    expect([segment('...'), segment('.a')]).toEqual(['...', '.a']);
    for (const id of ['', '.', '..'])
      expect(() => segment(id)).toThrow(
        expect.objectContaining({
          message: `"${id}" is no id that a person can be read by`,
          isPermanent: true,
        }),
      );
  });
});

describe("a provider's word for being in service", () => {
  const WORDS = { ACTIVE: true, LEFT: false, PENDING: undefined };

  it.each([
    ['Active', { active: true }],
    [' left ', { active: false }],
    ['PENDING', { active: undefined }],
    [undefined, { active: undefined }],
    ['On leave', { active: undefined, unknownStatus: 'On leave' }],
    ['constructor', { active: undefined, unknownStatus: 'constructor' }],
  ])('%s', (word, expected) => {
    expect(standingIn(WORDS, word)).toEqual(expected);
  });

  it('is shown as it came where it is not known, and no more of it than a word', () => {
    expect(unknownStatusText('On "leave"')).toBe('the status "On \\"leave\\"" is not known');
    expect(unknownStatusText('x'.repeat(70))).toBe(`the status "${'x'.repeat(60)}" is not known`);
  });
});
