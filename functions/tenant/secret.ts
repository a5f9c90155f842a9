/** What a tenant's secret holds, as JSON in Secrets Manager. */
export interface TenantSecret {
  /** Client id of the app in SmartAssist, `cs-…`. */
  readonly clientId: string;
  /** Client secret of the app: the key that signs the JWTs. */
  readonly clientSecret: string;
  /** The app of the Admin Console, where there is one: roles are read with it. */
  readonly admin?: { readonly clientId: string; readonly clientSecret: string } | undefined;
  /** SHA-256 digests of the bearer tokens that may use SCIM: `sha256:<64 hexadecimal digits>`. */
  readonly scimTokens: readonly string[];
  /** Secrets of the tenant's sources, by source name; several while one is being rotated. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

/** The secrets of a source, the newest first; none where nothing is put. */
export function sourceSecrets({ sources }: Pick<TenantSecret, 'sources'>, name: string): readonly string[] {
  return Object.hasOwn(sources, name) ? (sources[name] ?? []) : [];
}

/**
 * Reads what a secret holds; what isn't said is empty, and members of others are left out. Not a schema: the functions
 * that answer requests would load a fifth of their code for this alone.
 *
 * @returns the secret, or the paths of what is wrong with it, never a value
 */
export function readSecret(value: unknown): { readonly secret: TenantSecret } | { readonly wrong: string[] } {
  if (!isObject(value)) return { wrong: ['the whole value'] };
  const { clientId, clientSecret, admin, scimTokens = [], sources = {} } = value;
  const wrong = [
    ...(isText(clientId) ? [] : ['clientId']),
    ...(isText(clientSecret) ? [] : ['clientSecret']),
    ...wrongAdmin(admin),
    ...wrongElements('scimTokens', scimTokens, (token) => /^sha256:[0-9a-f]{64}$/i.test(token)),
    ...(isObject(sources)
      ? Object.entries(sources).flatMap(([name, list]) => wrongElements(`sources.${name}`, list, isText))
      : ['sources']),
  ];
  if (wrong.length > 0) return { wrong };
  return { secret: { clientId, clientSecret, admin, scimTokens, sources } as TenantSecret };
}

function wrongAdmin(admin: unknown): string[] {
  if (admin === undefined) return [];
  if (!isObject(admin)) return ['admin'];
  return ['clientId', 'clientSecret'].filter((key) => !isText(admin[key])).map((key) => `admin.${key}`);
}

function wrongElements(path: string, list: unknown, fits: (text: string) => boolean): string[] {
  if (!Array.isArray(list)) return [path];
  return list.flatMap((each, index) => (typeof each === 'string' && fits(each) ? [] : [`${path}.${index}`]));
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
