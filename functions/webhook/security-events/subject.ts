import type { Subject } from '../../events/event.ts';
import { type JsonView, jsonView } from '../../events/json-view.ts';
import { compact } from '../../runtime/compact.ts';

/** Whom a security event is about, and of what kind of resource. */
export interface Named {
  readonly subject: Subject;
  /** The endpoint of a SCIM resource, `Users` or `Groups`; users where the identifier has none. */
  readonly endpoint: string;
}

type Reader = (identifier: JsonView) => Named;

const user = (subject: Subject): Named => ({ subject, endpoint: 'Users' });

/**
 * Subject identifiers by their format (RFC 9493 section 3.2; RFC 9967 section 2.1 for `scim`; the Shared Signals
 * Framework for `complex`). A format that isn't known names nobody.
 */
const FORMATS: Readonly<Record<string, Reader>> = {
  scim: (identifier) => {
    const { endpoint, id } = resourceOf(identifier.text('uri') ?? '');
    return {
      endpoint,
      subject: compact({
        id: id ?? identifier.text('id'),
        externalId: identifier.text('externalId'),
        userName: identifier.text('userName'),
        email: identifier.list('emails')[0]?.text('value') ?? identifier.list('emails')[0]?.text(''),
      }),
    };
  },
  email: (identifier) =>
    user(compact({ email: identifier.text('email'), userName: identifier.text('email') })),
  iss_sub: (identifier) => user(compact({ id: identifier.text('sub') })),
  id_token_claims: (identifier) =>
    user(compact({ id: identifier.text('sub'), email: identifier.text('email') })),
  opaque: (identifier) => user(compact({ id: identifier.text('id') })),
  account: (identifier) => {
    const name = identifier.text('uri')?.replace(/^acct:/, '');
    return user(compact({ userName: name, email: name }));
  },
  complex: (identifier) => subjectOf(identifier.at('user')),
  aliases: (identifier) => {
    const subjects = identifier.list('identifiers').map((each) => subjectOf(each).subject);
    return user(Object.assign({}, ...subjects.toReversed()));
  },
};

/** The last two segments of a resource's address: `https://example.com/v2/Users/44f6`. */
function resourceOf(uri: string): { readonly endpoint: string; readonly id?: string } {
  const path = uri.endsWith('/') ? uri.slice(0, -1) : uri;
  const slash = path.lastIndexOf('/');
  const id = path.slice(slash + 1);
  const endpoint = path.slice(path.lastIndexOf('/', slash - 1) + 1, Math.max(slash, 0));
  return slash < 1 || id === '' || endpoint === '' ? { endpoint: 'Users' } : { endpoint, id };
}

/** Reads a `sub_id`; in SSF's events of before its final version it has no format but a `user` in it. */
export function subjectOf(identifier: JsonView): Named {
  // RISC named the format so before RFC 9493, with hyphens in it; Google still does.
  const former = identifier.text('subject_type')?.replaceAll('-', '_');
  const format = identifier.text('format') ?? former ?? (identifier.has('user') ? 'complex' : '');
  const read = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  return read === undefined ? user({}) : read(jsonView(identifier.value));
}
