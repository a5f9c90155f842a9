import type { HistoryEntry } from '../../functions/directory/history.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { openRejections, SCIM_DOOR } from '../../functions/events/rejections.ts';
import type { Services } from '../../functions/provision/services.ts';
import { compact } from '../../functions/runtime/compact.ts';
import { shortId } from '../../functions/runtime/correlation.ts';
import { folded } from '../../functions/scim-core/fold.ts';
import type { Tenant } from '../command-context.ts';

const PAGE = 500;
/** Of a door no more rejections are looked at, the newest first. */
const LOOKED_AT = 5_000;
const SHOWN = 10;
/** As long as the id at the end of a refusal's words. */
const SHORTEST_ID = 8;

/**
 * The requests that were refused in the last seven days and concern a person: those that name the userName or the record,
 * or the one whose id is given, whichever door refused it.
 */
export async function rejectionsOf(
  services: Services,
  { name: tenant, configuration }: Tenant,
  asked: string,
  record: PersonRecord | undefined,
): Promise<HistoryEntry[]> {
  const rejections = openRejections(services);
  const isAsked = ({ id }: HistoryEntry) =>
    asked.length >= SHORTEST_ID && typeof id === 'string' && id.startsWith(asked);
  const concerns = (entry: HistoryEntry) =>
    isAsked(entry) ||
    (typeof entry.userName === 'string' && folded(entry.userName) === folded(asked)) ||
    (record !== undefined && entry.endpoint === 'Users' && entry.resource === record.id);

  const find = async (door: string, fits: (entry: HistoryEntry) => boolean): Promise<HistoryEntry[]> => {
    const found: HistoryEntry[] = [];
    let after: string | undefined;
    for (let seen = 0; seen < LOOKED_AT; seen += PAGE) {
      const { entries, next } = await rejections.list(tenant, door, { limit: PAGE, ...compact({ after }) });
      found.push(...entries.filter(fits));
      if (next === undefined || found.length >= SHOWN) break;
      after = next;
    }
    return found;
  };

  const byScim = await find(SCIM_DOOR, concerns);
  if (record !== undefined || byScim.length > 0) return byScim.slice(0, SHOWN);
  const bySources = await Promise.all(Object.keys(configuration.sources).map((name) => find(name, isAsked)));
  return bySources.flat().slice(0, SHOWN);
}

/** A refusal in a line: when, what was sent by which client, and what it was told. */
export function rejectionLine(entry: HistoryEntry): string {
  const { at, id, method, endpoint, client, userName, status, scimType, code, detail, message } = entry;
  const reason = [status ?? code, scimType].filter((part) => part !== undefined).join(' ');
  const sent = [method, endpoint].filter((part) => part !== undefined).join(' ');
  const of = userName === undefined ? '' : ` of ${String(userName)}`;
  const by = client === undefined || client === '' ? '' : ` by ${String(client)}`;
  const known = id === undefined ? '' : ` (${shortId(String(id))})`;
  return `${at}  ${reason}  ${sent}${of}${by}: ${String(detail ?? message)}${known}`;
}
