import { compact } from '../runtime/compact.ts';
import { ENTERPRISE_USER } from '../scim-core/schema/enterprise.ts';
import type { Attributes } from './event.ts';

/** What most providers know of a person, in its plainest form. */
export interface ProfileAttributes {
  readonly userName?: string | undefined;
  readonly givenName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly displayName?: string | undefined;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  readonly mobile?: string | undefined;
  readonly active?: boolean | undefined;
  readonly title?: string | undefined;
  readonly userType?: string | undefined;
  readonly locale?: string | undefined;
  readonly timezone?: string | undefined;
  readonly preferredLanguage?: string | undefined;
  readonly department?: string | undefined;
  readonly division?: string | undefined;
  readonly organization?: string | undefined;
  readonly costCenter?: string | undefined;
  readonly employeeNumber?: string | undefined;
}

/** A provider's profile as attributes of a SCIM User (RFC 7643 section 4); what isn't known isn't there. */
export function attributesOf(profile: ProfileAttributes): Attributes {
  const { givenName, familyName, email, phone, mobile } = profile;
  const { department, division, organization, costCenter, employeeNumber, ...plain } = profile;
  const { givenName: _g, familyName: _f, email: _e, phone: _p, mobile: _m, ...core } = plain;
  const phones = [
    ...(phone === undefined ? [] : [{ value: phone, type: 'work' }]),
    ...(mobile === undefined ? [] : [{ value: mobile, type: 'mobile' }]),
  ];
  return compact({
    ...core,
    name: emptyToNone(compact({ givenName, familyName })),
    emails: email === undefined ? undefined : [{ value: email, type: 'work', primary: true }],
    phoneNumbers: phones.length === 0 ? undefined : phones,
    [ENTERPRISE_USER.id]: emptyToNone(
      compact({ department, division, organization, costCenter, employeeNumber }),
    ),
  });
}

/** First and last name where a provider has only one text: a guess, good until a source says better. */
export function guessName(text: string | undefined): ProfileAttributes {
  const words = (text ?? '')
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  const [first, ...rest] = words;
  if (first === undefined) return {};
  // An address is no name.
  if (first.includes('@')) return { displayName: words.join(' ') };
  return rest.length === 0
    ? { displayName: first, givenName: first }
    : { displayName: words.join(' '), givenName: first, familyName: rest.join(' ') };
}

function emptyToNone<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}
