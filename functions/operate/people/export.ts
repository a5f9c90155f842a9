import type { HistoryEntry } from '../../directory/history.ts';
import { everyPage } from '../../directory/pages.ts';
import type { PersonRecord } from '../../directory/record.ts';
import { openRejections, SCIM_DOOR } from '../../events/rejections.ts';
import type { Services } from '../../provision/services.ts';
import { folded } from '../../scim-core/fold.ts';
import { type Actor, recordAction } from '../audit.ts';

/** Everything that is kept about one person (GDPR Art. 15). */
export interface PersonExport {
  /** ISO 8601. */
  readonly exportedAt: string;
  /** The person, the agent, the links to sources and what each said. */
  readonly record: Omit<PersonRecord, 'lease'>;
  readonly groups: readonly { readonly id: string; readonly display: string }[];
  /** What happened, the newest first, with the calls to SmartAssist: 90 days. */
  readonly history: readonly HistoryEntry[];
  /** Requests that were refused and name the person: seven days. */
  readonly refusals: readonly HistoryEntry[];
}

const PAGE = 200;

/** Gathers it, and records that it was. */
export async function exportPerson(
  services: Services,
  record: PersonRecord,
  actor: Actor,
): Promise<PersonExport> {
  const { directory, clock } = services;
  const { tenant, id } = record;
  const { lease: _, ...kept } = record;
  const refused = openRejections(services);
  const names = (entry: HistoryEntry) =>
    (typeof entry.userName === 'string' && folded(entry.userName) === folded(record.person.userName)) ||
    (entry.endpoint === 'Users' && entry.resource === id);
  const whole = {
    exportedAt: new Date(clock.now()).toISOString(),
    record: kept,
    groups: (await directory.groupsOf(tenant, id)).map((group) => ({ id: group.id, display: group.display })),
    history: await all((page) => directory.listHistory(tenant, id, page)),
    refusals: (await all((page) => refused.list(tenant, SCIM_DOOR, page))).filter(names),
  };
  await recordAction(services, tenant, actor, 'export', { persons: [id] });
  return whole;
}

async function all(
  read: (page: { limit: number; after?: string }) => Promise<{ entries: HistoryEntry[]; next?: string }>,
): Promise<HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  for await (const page of everyPage((from) => read({ limit: PAGE, ...from }))) entries.push(...page.entries);
  return entries;
}
