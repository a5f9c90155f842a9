import type { JsonWebKey } from 'node:crypto';
import { compact } from '../../runtime/compact.ts';
import type { SecretKind } from './secret-name.ts';

/** What a tenant's secret for its front doors and sources holds, as JSON in Secrets Manager. */
export interface DoorSecret {
  /** SHA-256 digests of the bearer tokens that may use SCIM: `sha256:<64 hexadecimal digits>`. */
  readonly scimTokens: readonly string[];
  /** Secrets of the tenant's sources, by source name; several while one is being rotated. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
  /** Random texts of 32 characters at least, the newest first: keys are made from them that sign and seal. */
  readonly keys: readonly string[];
  /** Addresses of incoming webhooks by which operators are notified, by name: who knows one can write there. */
  readonly webhooks?: Readonly<Record<string, string>> | undefined;
  /** How the console proves itself to the identity provider: a secret, or a private key as JWK; a public client has neither. */
  readonly console?: { readonly clientSecret?: string; readonly privateKey?: JsonWebKey } | undefined;
}

/** The secrets of a source, the newest first; none where nothing is put. */
export function sourceSecrets({ sources }: Pick<DoorSecret, 'sources'>, name: string): readonly string[] {
  return Object.hasOwn(sources, name) ? (sources[name] ?? []) : [];
}

/** The credentials of an app in SmartAssist. */
export interface AppSecret {
  /** Client id of the app, `cs-…`. */
  readonly clientId: string;
  /** Client secret of the app: the key that signs the JWTs. */
  readonly clientSecret: string;
}

/** What a tenant's secret for SmartAssist holds: its app, made in the bot's App Settings. */
export interface SmartAssistSecret extends AppSecret {
  /** The app of the Admin Console, where there is one: roles are read with it. */
  readonly admin?: AppSecret | undefined;
}

/** What each kind of secret holds. */
export interface SecretValues {
  readonly door: DoorSecret;
  readonly smartassist: SmartAssistSecret;
}

/** A secret that was read, or the paths of what is wrong with it, never a value. */
export type SecretReading<Kind extends SecretKind> =
  | { readonly secret: SecretValues[Kind] }
  | { readonly wrong: string[] };

const READERS: { readonly [Kind in SecretKind]: (value: JsonObject) => SecretReading<Kind> } = {
  door: readDoor,
  smartassist: readSmartAssist,
};

/**
 * Reads what a secret holds; what isn't said is empty, and members of others are left out. Not a schema: the functions
 * that answer requests would load a fifth of their code for this alone.
 */
export function readSecret<Kind extends SecretKind>(kind: Kind, value: unknown): SecretReading<Kind> {
  return isObject(value) ? READERS[kind](value) : { wrong: ['the whole value'] };
}

/** Reads a single secret as 0.1.0 has it: `{clientId, clientSecret, admin, scimTokens, sources}`. */
export function readSingleSecret(
  value: unknown,
): { readonly secret: DoorSecret & SmartAssistSecret } | { readonly wrong: string[] } {
  if (!isObject(value)) return { wrong: ['the whole value'] };
  const smartassist = readSmartAssist(value);
  const door = readDoor(value);
  if (!('secret' in smartassist) || !('secret' in door)) {
    return { wrong: [smartassist, door].flatMap((read) => ('wrong' in read ? read.wrong : [])) };
  }
  return { secret: { ...smartassist.secret, ...door.secret } };
}

function readDoor({
  scimTokens = [],
  sources = {},
  keys = [],
  console,
  webhooks,
}: JsonObject): SecretReading<'door'> {
  const wrong = [
    ...wrongElements('scimTokens', scimTokens, (token) => /^sha256:[0-9a-f]{64}$/i.test(token)),
    ...(isObject(sources)
      ? Object.entries(sources).flatMap(([name, list]) => wrongElements(`sources.${name}`, list, isText))
      : ['sources']),
    ...wrongElements('keys', keys, (key) => key.length >= MIN_KEY_LENGTH),
    ...wrongConsole(console),
    ...wrongWebhooks(webhooks),
  ];
  return wrong.length > 0
    ? { wrong }
    : { secret: { scimTokens, sources, keys, ...compact({ console, webhooks }) } as DoorSecret };
}

function wrongWebhooks(webhooks: unknown): string[] {
  if (webhooks === undefined) return [];
  if (!isObject(webhooks)) return ['webhooks'];
  const isSafe = (url: unknown) => isText(url) && URL.canParse(url) && new URL(url).protocol === 'https:';
  return Object.keys(webhooks).flatMap((name) => (isSafe(webhooks[name]) ? [] : [`webhooks.${name}`]));
}

function wrongConsole(console: unknown): string[] {
  if (console === undefined) return [];
  if (!isObject(console)) return ['console'];
  const { clientSecret, privateKey } = console;
  return [
    ...(clientSecret === undefined || isText(clientSecret) ? [] : ['console.clientSecret']),
    ...(privateKey === undefined || isObject(privateKey) ? [] : ['console.privateKey']),
  ];
}

/** A shorter text can be guessed. */
export const MIN_KEY_LENGTH = 32;

function readSmartAssist({ clientId, clientSecret, admin }: JsonObject): SecretReading<'smartassist'> {
  const wrong = [
    ...wrongApp({ clientId, clientSecret }),
    ...(admin === undefined ? [] : isObject(admin) ? wrongApp(admin, 'admin.') : ['admin']),
  ];
  return wrong.length > 0 ? { wrong } : { secret: { clientId, clientSecret, admin } as SmartAssistSecret };
}

function wrongApp(app: JsonObject, path = ''): string[] {
  return ['clientId', 'clientSecret'].filter((key) => !isText(app[key])).map((key) => `${path}${key}`);
}

function wrongElements(path: string, list: unknown, fits: (text: string) => boolean): string[] {
  if (!Array.isArray(list)) return [path];
  return list.flatMap((each, index) => (typeof each === 'string' && fits(each) ? [] : [`${path}.${index}`]));
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
