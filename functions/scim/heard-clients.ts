import {
  changeDocument,
  type DocumentForm,
  type Documents,
  objectOf,
  readForm,
} from '../directory/documents.ts';
import type { Services } from '../provision/services.ts';
import { errorText } from '../runtime/error-text.ts';
import { isObject } from '../scim-core/resource/resource.ts';

/** A client of SCIM that has proved itself: what it calls itself, and by which token. */
export interface HeardClient {
  /** The beginning of its User-Agent. */
  readonly client: string;
  /** The beginning of its token's digest; `jwt` for an access token. */
  readonly token: string;
  /** ISO 8601 */
  readonly firstAt: string;
  /** ISO 8601: to the hour. */
  readonly lastAt: string;
}

const HEARD: DocumentForm<{ readonly clients: readonly HeardClient[] }> = {
  name: 'scim-clients',
  // Not a schema: the front door reads it with its first request.
  parse: (stored) => {
    const { clients } = objectOf(stored);
    return { clients: Array.isArray(clients) ? clients.filter(isHeard) : [] };
  },
};

function isHeard(value: unknown): value is HeardClient {
  return (
    isObject(value) && ['client', 'token', 'firstAt', 'lastAt'].every((key) => typeof value[key] === 'string')
  );
}

/** Written this often at most: it says who is there, not how much. */
const EVERY_MS = 60 * 60_000;
/** The last of them; a client whose name changes with each release is several. */
const MOST = 20;
const LONGEST_NAME = 80;

/** The clients that were heard, the last one first. */
export async function readHeardClients(
  directory: Pick<Documents, 'readDocument'>,
  tenant: string,
): Promise<readonly HeardClient[]> {
  return (await readForm(directory, tenant, HEARD)).clients;
}

/** Notes a client that has proved itself: never fails, and has nothing to do while it is known. */
export type HearClient = (tenant: string, userAgent: string, token: string) => Promise<void> | undefined;

export function openHearing({
  directory,
  clock,
  log,
}: Pick<Services, 'directory' | 'clock' | 'log'>): HearClient {
  const noted = new Map<string, number>();
  const note = async (tenant: string, client: string, token: string, now: number) => {
    try {
      const known = (await readHeardClients(directory, tenant)).find(isSame(client, token));
      if (known !== undefined && now - Date.parse(known.lastAt) < EVERY_MS) return;
      await changeDocument(directory, tenant, HEARD, ({ clients }) => {
        const lastAt = new Date(now).toISOString();
        const { firstAt = lastAt } = clients.find(isSame(client, token)) ?? {};
        const others = clients.filter((each) => !isSame(client, token)(each));
        return { clients: [{ client, token, firstAt, lastAt }, ...others].slice(0, MOST) };
      });
    } catch (error) {
      log.warn('a client of SCIM could not be noted', { tenant, reason: errorText(error) });
    }
  };
  return (tenant, userAgent, token) => {
    const name = userAgent.slice(0, LONGEST_NAME);
    const key = `${tenant}\n${token}\n${name}`;
    const now = clock.now();
    if (now - (noted.get(key) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return undefined;
    // A sender that calls itself something else each time must not fill the memory.
    if (noted.size >= MOST * MOST) noted.clear();
    noted.set(key, now);
    return note(tenant, name.replace(/\p{Cc}/gu, ' '), token, now);
  };
}

const isSame = (client: string, token: string) => (each: HeardClient) =>
  each.client === client && each.token === token;
