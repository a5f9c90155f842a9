import { expect, it } from 'vitest';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { makerOf, originOf, REST } from '../../functions/provision/attribute-source.ts';
import { aPerson } from '../contract/directory.ts';

const ada = (more: Partial<PersonRecord>) => aPerson('acme', 'ada', more);

it.each<[string, Partial<PersonRecord>, string]>([
  ['the link that says so', { source: 'hr', links: { scim: {}, okta: { isMaker: true } } }, 'okta'],
  [
    'SCIM, where it has the person and no link says who made it',
    { source: 'hr', links: { hr: {}, scim: {} } },
    'scim',
  ],
  ['SCIM, for a person whom no source is linked to', { source: 'hr', links: {} }, 'scim'],
  ['SCIM, for a record of the time before links', { source: 'hr' }, 'scim'],
  [
    'the source that wrote last, where SCIM never had the person',
    { source: 'hr', links: { it: {}, hr: {} } },
    'hr',
  ],
])('the maker of a person is %s', (_, more, maker) => expect(makerOf(ada(more))).toBe(maker));

it('an attribute comes from the source that said it, else from the one of all the rest, else from the maker', () => {
  const links = { okta: { isMaker: true }, hr: {} } as const;
  const origins = { title: 'hr', [REST]: 'it' };
  expect(originOf(ada({ links, origins }), 'title')).toBe('hr');
  expect(originOf(ada({ links, origins }), 'displayName')).toBe('it');
  expect(originOf(ada({ links, origins: { title: 'hr' } }), 'displayName')).toBe('okta');
  expect(originOf(ada({ links }), 'title')).toBe('okta');
});
