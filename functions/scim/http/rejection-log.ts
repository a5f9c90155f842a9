import { openRejections, SCIM_DOOR } from '../../events/rejections.ts';
import type { Services } from '../../provision/services.ts';
import { compact } from '../../runtime/compact.ts';
import { isObject } from '../../scim-core/resource/resource.ts';
import type { ScimError } from './error.ts';

/** Texts of a request are kept up to this length, and of our own words up to the second. */
const LONGEST_TEXT = 200;
const LONGEST_DETAIL = 1_000;

/** What is looked at of a request that was refused. */
export interface RefusedRequest {
  readonly method: string;
  readonly segments: readonly string[];
  /** Parsed, or as it came where it can't be. */
  readonly body: unknown;
  readonly userAgent: string;
}

export interface RejectionLog {
  /** Logs a refusal and keeps it for `explain`. Never fails. */
  add(tenant: string, request: RefusedRequest, refusal: ScimError): Promise<void>;
}

/** Keeps SCIM requests that were refused: when, by which client, of which user, and what it was told. */
export function openRejectionLog(services: Pick<Services, 'directory' | 'clock' | 'log'>): RejectionLog {
  const rejections = openRejections(services);
  return {
    add: async (tenant, { method, segments, body, userAgent }, { status, scimType, message }) => {
      if (status < 400 || status >= 500) return;
      const [endpoint, id] = segments;
      services.log.warn('a SCIM request was refused', { tenant, status, ...compact({ scimType }) });
      // Reading a resource that isn't there is a question, and was answered.
      if (status === 404 && method === 'GET') return;
      const refused = {
        method,
        client: shown(userAgent),
        ...compact({ endpoint: optional(endpoint), resource: optional(id), userName: userNameIn(body) }),
        status,
        ...compact({ scimType }),
        detail: withoutNumbers(message).slice(0, LONGEST_DETAIL),
      };
      await rejections.keep(tenant, SCIM_DOOR, refused, status !== 401);
    },
  };
}

function userNameIn(body: unknown): string | undefined {
  if (!isObject(body)) return undefined;
  const name = Object.keys(body).find((key) => key.toLowerCase() === 'username');
  const value = name === undefined ? undefined : body[name];
  return typeof value === 'string' ? shown(value) : undefined;
}

const optional = (text: string | undefined) => (text === undefined ? undefined : shown(text));

const shown = (text: string) => withoutNumbers(text.slice(0, LONGEST_TEXT).replace(/\p{Cc}/gu, ' '));

/** Eight digits or more, with what stands between the digits of a phone number; not within a word or an id. */
const PHONE_NUMBER = /(?<![\w-])\+?\(?\d(?:[ ()./-]{0,3}\d){7,}(?![\w-])/g;

function withoutNumbers(text: string): string {
  return text.replace(PHONE_NUMBER, '(number)');
}
