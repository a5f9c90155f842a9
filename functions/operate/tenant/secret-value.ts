import { isObject } from '../../scim-core/resource/resource.ts';
import { readSecret } from '../../tenant/secrets/secret.ts';
import type { SecretKind } from '../../tenant/secrets/secret-name.ts';
import { OperateError } from '../errors.ts';

/** What a secret holds, told without a value of it. */
export interface SecretOutline {
  readonly kind: SecretKind;
  /** Each part, and how many or which: `scimTokens: 2`. */
  readonly holds: readonly string[];
  /** Paths of what has not the form that it has to have. */
  readonly wrong: readonly string[];
  /** Members that nothing reads: misspelt ones, or those of the other secret. */
  readonly unread: readonly string[];
}

/** Members of each secret, and of parts of it. */
const MEMBERS: Readonly<Record<SecretKind, readonly string[]>> = {
  door: ['scimTokens', 'sources', 'keys', 'console'],
  smartassist: ['clientId', 'clientSecret', 'admin'],
};
/** A digest is known by so much of it. */
const SHORTEST_DIGEST = 8;
const DIGEST = /^sha256:[0-9a-f]{64}$/i;

/** Says of a secret's value whether functions can use it, and what is in it, never a value. */
export function outlineSecret(kind: SecretKind, value: unknown): SecretOutline {
  const read = readSecret(kind, value);
  const members = isObject(value) ? Object.keys(value) : [];
  const unread = members.filter((name) => !MEMBERS[kind].includes(name));
  if ('wrong' in read) return { kind, holds: [], wrong: read.wrong, unread };
  return { kind, holds: holdingsOf(kind, value as Readonly<Record<string, unknown>>), wrong: [], unread };
}

function holdingsOf(kind: SecretKind, value: Readonly<Record<string, unknown>>): string[] {
  if (kind === 'smartassist') {
    return ['the bot app', ...(value.admin === undefined ? [] : ['the admin app'])];
  }
  const { scimTokens = [], sources = {}, keys = [] } = value as Record<string, readonly unknown[] | object>;
  const named = Object.entries(sources).map(([name, list]: [string, unknown[]]) => `${name} ${list.length}`);
  return [
    `scimTokens: ${(scimTokens as readonly unknown[]).length}`,
    `sources: ${named.length === 0 ? 'none' : named.join(', ')}`,
    `keys: ${(keys as readonly unknown[]).length}`,
  ];
}

/**
 * The secret `door` with digests of bearer tokens added and others taken out; all else in it stays as it is.
 *
 * @param retire digests, or the beginnings of them
 * @throws OperateError for what is no digest, or is the beginning of none or of several
 */
export function withTokens(
  door: Readonly<Record<string, unknown>>,
  { add, retire }: { readonly add: readonly string[]; readonly retire: readonly string[] },
): Record<string, unknown> {
  const known = Array.isArray(door.scimTokens) ? (door.scimTokens as string[]) : [];
  for (const digest of add) {
    if (DIGEST.test(digest)) continue;
    throw new OperateError(
      'invalid',
      'a digest is sha256: and 64 hexadecimal digits, as token prints it; a token itself is never put',
    );
  }
  const gone = new Set(retire.map((text) => retired(known, text)));
  const kept = known.filter((digest) => !gone.has(digest));
  return { ...door, scimTokens: [...new Set([...kept, ...add])] };
}

function retired(known: readonly string[], text: string): string {
  const wanted = text.toLowerCase().startsWith('sha256:')
    ? text.toLowerCase()
    : `sha256:${text.toLowerCase()}`;
  const found = known.filter((digest) => digest.toLowerCase().startsWith(wanted));
  const [only, another] = found;
  if (only !== undefined && another === undefined && wanted.length >= 'sha256:'.length + SHORTEST_DIGEST)
    return only;
  throw new OperateError(
    'invalid',
    found.length > 1
      ? `${found.length} digests begin with ${text}; say more of it`
      : `no digest of the secret begins with ${text}; ${SHORTEST_DIGEST} digits of it at least are needed`,
  );
}
