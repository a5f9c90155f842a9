import { expect, it } from 'vitest';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { authorityProblems, wishProblems } from '../../functions/tenant/trust/authority-problems.ts';

const sources = {
  workday: sourceSchema.parse({ preset: 'json' }),
  okta: sourceSchema.parse({ preset: 'okta-event-hook' }),
};

it('an authority of sources that there are, and of attributes, is right', () => {
  const attributes = { department: 'workday', phoneNumbers: 'okta', 'name.givenName': 'scim' };
  expect(authorityProblems({ sources, authority: { inService: ['workday', 'scim'], attributes } })).toEqual(
    [],
  );
  expect(authorityProblems({ sources, authority: undefined })).toEqual([]);
});

it('a source or an attribute that there is none of is named, with what was meant', () => {
  const authority = {
    inService: ['workdy', 'okta', 'okta'],
    attributes: { departmnt: 'hr', userName: 'okta' },
  };
  const found = authorityProblems({ sources, authority }).map(({ path, message }) => [
    path.slice(1).join('.'),
    message,
  ]);
  expect(found).toEqual([
    ['inService.0', 'workdy is no source of this tenant. Did you mean "workday"?'],
    ['inService.2', 'okta is in the list already'],
    ['attributes.departmnt', 'hr is no source of this tenant.'],
    ['attributes.departmnt', 'is no attribute that a source gives. Did you mean "department"?'],
    ['attributes.userName', expect.stringContaining('is no attribute that a source gives.')],
  ]);
});

it('a source that may ask for something, and that there is none of, is named', () => {
  expect(wishProblems({ sources, wishes: ['skills'] })).toEqual([]);
  expect(wishProblems({ sources, wishes: { scim: ['skills'], okta: [] } })).toEqual([]);
  expect(wishProblems({ sources, wishes: { otka: ['skills'] } })).toEqual([
    { path: ['wishes', 'otka'], message: 'otka is no source of this tenant. Did you mean "okta"?' },
  ]);
});
