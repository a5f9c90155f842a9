import { providers } from '../../functions/providers/registry.ts';
import type { Fetched, Fetcher } from '../../functions/sources/fetcher.ts';
import type { SourceProviders } from '../../functions/sources/provider.ts';
import type { Listing, Page, Row } from '../../functions/sources/sync/listing.ts';
import { noTrouble } from '../../local/providers/stand-in.ts';
import { openSyncWorld, type SyncWorld, type SyncWorldOptions } from './world.ts';

/** Rows on a page of a list. */
const ON_PAGE = 2;

export const mail = (number: number) => `person-${number}@acme.test`;

type Found = Extract<Fetched, { outcome: 'found' }>;

/** A person as a list or a reading by id tells. */
export const found = (number: number, person: object = {}, more: Partial<Found> = {}): Found => ({
  outcome: 'found',
  person: {
    userName: mail(number),
    emails: [{ value: mail(number), primary: true }],
    active: true,
    ...person,
  },
  ...more,
});

export const row = (number: number, person: object = {}, more: Partial<Found> = {}): Row => ({
  is: 'person',
  id: String(number),
  found: found(number, person, more),
});

/** What a source says: a test changes it as it goes. */
export interface Script {
  /** The list of everybody, two on a page. */
  rows: readonly Row[];
  /** What a page has besides. */
  page: Partial<Page>;
  /** What changed since the last reading of that. */
  changed: readonly Row[];
  /** What reading by id tells of those who aren't as the list has them; undefined: not there. */
  readonly byId: Map<string, Fetched | Error>;
  /** Thrown by the next questions, one after the other. */
  readonly errors: Error[];
  /** Each question: `list`, `changes`, and whom reading by id was about. */
  readonly asked: string[];
}

export interface ScriptedWorld extends SyncWorld {
  readonly script: Script;
  /** The registry, with the source as the script has it. */
  readonly providers: SourceProviders;
}

export interface ScriptOptions {
  readonly people?: number;
  readonly listing?: Partial<Listing>;
  readonly source?: Readonly<Record<string, unknown>>;
  readonly tenant?: SyncWorldOptions['tenant'];
  /** Nobody can be read by id. */
  readonly isBlind?: true;
}

/** A tenant whose source says what a test has written down. */
export function openScript(options: ScriptOptions = {}): ScriptedWorld {
  const { people = 5, listing = {}, source = {}, tenant = {}, isBlind } = options;
  const script: Script = {
    rows: Array.from({ length: people }, (_, index) => row(index + 1)),
    page: {},
    changed: [],
    byId: new Map(),
    errors: [],
    asked: [],
  };
  const ask = (what: string) => {
    script.asked.push(what);
    const error = script.errors.shift();
    if (error !== undefined) throw error;
  };
  const pageOf = (rows: readonly Row[], place: string | undefined): Page => {
    const from = Number(place ?? 0);
    const next = from + ON_PAGE < rows.length ? String(from + ON_PAGE) : undefined;
    return { rows: rows.slice(from, from + ON_PAGE), next };
  };
  const own: Listing = {
    tellsAbsence: true,
    list: async (_, place) => {
      ask(`list ${place ?? 'first'}`);
      return { ...pageOf(script.rows, place), ...script.page };
    },
    changes: async (_, place) => {
      ask(`changes ${place}`);
      return { rows: script.changed, cursor: `after ${place}` };
    },
    begin: () => 'begun',
    ...listing,
  };
  const fetcher: Fetcher = async ({ id = '' }) => {
    ask(id);
    const said = script.byId.get(id);
    if (said instanceof Error) throw said;
    return said ?? { outcome: 'not-found' };
  };
  const reads = {
    listing: async () => own,
    reader: async () => (isBlind === true ? undefined : fetcher),
  };
  const world = openSyncWorld({
    source: { preset: 'workos', fetch: { directory: 'd' }, sync: {}, ...source },
    credentials: ['key'],
    standIn: () => ({ answer: () => ({ status: 500 }), trouble: noTrouble(), calls: new Map() }),
    tenant,
    reads,
  });
  return { ...world, script, providers: { ...providers, ...reads } };
}
