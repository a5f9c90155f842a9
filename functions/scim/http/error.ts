import { DirectoryBusyError, DirectoryUnavailableError } from '../../directory/errors.ts';
import { compact } from '../../runtime/compact.ts';
import { shortId } from '../../runtime/correlation.ts';
import { ScimInputError, type ScimType } from '../../scim-core/error.ts';
import { SecretError } from '../../tenant/secrets/secret-error.ts';

const ERROR_URN = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** A refusal in SCIM's own form (RFC 7644 section 3.12). `detail` is for an administrator's eyes. */
export class ScimError extends Error {
  override readonly name = 'ScimError';
  readonly status: number;
  readonly scimType: ScimType | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    detail: string,
    options: { scimType?: ScimType; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail);
    this.status = status;
    this.scimType = options.scimType;
    this.headers = options.headers ?? {};
  }
}

/** What a caller that proved nothing is told: by the form of its Authorization header, and by nothing else. */
export const UNAUTHORIZED = {
  missing: 'There is no Authorization header: it has to be "Bearer", a blank and the token.',
  notBearer: 'The Authorization header is not "Bearer", a blank and the token.',
  invalid: 'The bearer token is not valid for this tenant.',
} as const;

export const unauthorized = (detail: string = UNAUTHORIZED.invalid) =>
  new ScimError(401, detail, { headers: { 'www-authenticate': 'Bearer realm="SCIM"' } });

export const tooMany = (seconds: number) =>
  new ScimError(429, `There are too many requests at once; send it again in ${seconds} s.`, {
    headers: { 'retry-after': String(seconds) },
  });

export const notFound = (kind: string, id: string) =>
  new ScimError(404, `${kind} ${id.slice(0, 80)} was not found.`);

/** The one place where whatever was thrown becomes a SCIM Error. */
export function toScimError(error: unknown, correlation: string): ScimError {
  if (error instanceof ScimError) return error;
  if (error instanceof ScimInputError) {
    return new ScimError(error.code === 'uniqueness' ? 409 : 400, error.message, { scimType: error.code });
  }
  if (error instanceof SecretError) {
    return new ScimError(503, `The service is not ready for this tenant. Correlation id: ${correlation}`, {
      headers: { 'retry-after': '30' },
    });
  }
  if (error instanceof DirectoryUnavailableError) {
    return new ScimError(
      503,
      `The directory gives no answer; send the request again. Correlation id: ${correlation}`,
      {
        headers: { 'retry-after': '5' },
      },
    );
  }
  if (error instanceof DirectoryBusyError) {
    return new ScimError(503, 'The directory is busy; send the request again.', {
      headers: { 'retry-after': '1' },
    });
  }
  return new ScimError(500, `Something went wrong on our side. Correlation id: ${correlation}`);
}

/** The error as its client sees it: the detail ends with an id by which `explain` and the logs know the refusal. */
export function errorBody({ status, scimType, message }: ScimError, correlation: string) {
  const isNamed = message.endsWith(correlation);
  return {
    schemas: [ERROR_URN],
    status: String(status),
    ...compact({ scimType }),
    detail: isNamed ? message : `${message} (${shortId(correlation)})`,
  };
}
