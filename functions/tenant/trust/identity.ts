/**
 * How far a source's e-mail addresses and user names may find a person whom it isn't linked to yet. `workforce`: people
 * are entered by the company, so both do. `self-service`: people enter them about themselves, so only an address does
 * that the source says is verified.
 */
export const IDENTITIES = ['workforce', 'self-service'] as const;
export type Identity = (typeof IDENTITIES)[number];

/** Presets where people sign up by themselves; all others are a company's own directory or HR system. */
const SELF_SERVICE: ReadonlySet<string> = new Set([
  'auth0',
  'cognito',
  'clerk',
  'stytch',
  'fusionauth',
  'keycloak',
  'logto',
  'frontegg',
  'descope',
  'zitadel',
  'pingone',
]);

/** Presets where people choose the id that their account has: it finds nobody whom the source isn't linked to. */
const CHOSEN_IDS: ReadonlySet<string> = new Set(['cognito']);

/** What identity says of a source. */
interface Identified {
  readonly preset: string;
  readonly identity?: Identity | undefined;
}

export function identityOf({ preset, identity }: Identified): Identity {
  return identity ?? (SELF_SERVICE.has(preset) ? 'self-service' : 'workforce');
}

export function hasChosenIds({ preset }: Identified): boolean {
  return CHOSEN_IDS.has(preset);
}
