import type { Directory } from '../directory/directory.ts';
import { type DocumentForm, decideOnDocument, readForm } from '../directory/documents.ts';
import type { Clock } from '../runtime/clock.ts';
import { compact } from '../runtime/compact.ts';
import {
  areRolesIncomplete,
  type Catalogue,
  catalogueSchema,
  type RoleHolder,
  rolesOf,
  withLearnedRoles,
} from './catalogue-form.ts';
import { askAgain, PARTS, type Part } from './catalogue-parts.ts';
import type { CallTerms, SmartAssistClient } from './client.ts';
import type { NamedPage } from './named-page.ts';
import type { Outcome } from './outcome.ts';

export { type Catalogue, catalogueSchema } from './catalogue-form.ts';

export interface CatalogueStore {
  /** What is known without a call, however old. */
  known(): Promise<Catalogue | undefined>;
  /**
   * The catalogue: from memory, from the directory, or read from SmartAssist; at most an hour old. A part that can't be
   * read doesn't keep the others back: `unread` says why.
   */
  get(terms: CallTerms): Promise<Outcome<Catalogue>>;
  /** For a name that `older` doesn't have: read anew, at most once a minute; else the newest that is known. */
  getNewer(older: Catalogue, terms: CallTerms): Promise<Outcome<Catalogue>>;
  /** Takes names and ids of roles from agents, where SmartAssist doesn't list all roles. */
  learnRoles(agents: readonly RoleHolder[]): Promise<void>;
}

const MAX_AGE_MS = 60 * 60_000;
/** Other functions may have read a newer one meanwhile: the directory is asked that often. */
const MEMORY_AGE_MS = 60_000;
const MISS_INTERVAL_MS = 60_000;
/** Pages older than this don't belong to the same reading any more. */
const RESUME_MS = 10 * 60_000;
/** One that can't be read counts as not there: it is read from SmartAssist again. */
const FORM: DocumentForm<Catalogue | undefined> = {
  name: 'catalogue',
  parse: (stored) => {
    const parsed = catalogueSchema().safeParse(stored);
    return parsed.success ? parsed.data : undefined;
  },
};

/**
 * Keeps a tenant's catalogue in memory and in the directory, so that a name costs a call only when it is new.
 * Readers in one process share a reading that is under way.
 */
export function openCatalogue(options: {
  readonly client: SmartAssistClient;
  readonly directory: Directory;
  readonly tenant: string;
  readonly clock: Clock;
  /** Hears of the organization's id. */
  readonly onOrganization?: (orgId: string) => Promise<void>;
}): CatalogueStore {
  const { client, directory, tenant, clock } = options;
  let memory: { catalogue: Catalogue; checkedAt: number } | undefined;
  let reading: Promise<Outcome<Catalogue>> | undefined;
  let pagesSince = 0;

  const remember = (catalogue: Catalogue): Outcome<Catalogue> => {
    memory = { catalogue, checkedAt: clock.now() };
    return { outcome: 'ok', value: catalogue };
  };
  const load = async () => {
    const document = await directory.readDocument(tenant, FORM.name);
    return { document, catalogue: FORM.parse(document?.body) };
  };
  /** Writes what `edit` makes of the stored catalogue: roles that another function has learned meanwhile stay. */
  const change = async (
    edit: (found: Catalogue | undefined) => Catalogue | undefined,
    loaded?: Awaited<ReturnType<typeof load>>,
  ) => {
    const written = await decideOnDocument<Catalogue | undefined, Catalogue | undefined>(
      directory,
      tenant,
      FORM,
      (found) => {
        const edited = edit(found);
        return { answer: edited, ...compact({ body: edited }) };
      },
      loaded,
    );
    if (written !== undefined) remember(written);
  };
  /** Pages of a reading that broke off: the next one goes on where it ended. */
  let pages = new Map<string, NamedPage>();
  const readAnew = async (
    { deadline }: CallTerms,
    loaded: Awaited<ReturnType<typeof load>>,
    parts: readonly Part[] = PARTS,
  ): Promise<Outcome<Catalogue>> => {
    if (clock.now() - pagesSince > RESUME_MS) pages = new Map();
    if (pages.size === 0) pagesSince = clock.now();
    // Nobody can be provisioned without the names, so reading them belongs to whatever needs them, and isn't back-fill.
    const terms = { deadline, urgency: 'begun' } as const;
    // Most starts find one that was read within the hour.
    const { readCatalogue } = await import('./catalogue-reading.ts');
    const outcome = await readCatalogue({ client, clock, pages, terms, previous: loaded.catalogue, parts });
    if (outcome.outcome !== 'ok') return outcome;
    pages = new Map();
    const { value } = outcome;
    if (value.orgId !== undefined) await options.onOrganization?.(value.orgId);
    let written = value;
    await change((found) => {
      written = withLearnedRoles({ ...value, learnedRoles: found?.learnedRoles }, value.learnedRoles ?? []);
      return written;
    }, loaded);
    return remember(written);
  };
  const singleFlight = (read: () => Promise<Outcome<Catalogue>>) => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const age = (catalogue: Catalogue) => clock.now() - catalogue.readAt;

  return {
    known: async () => memory?.catalogue ?? readForm(directory, tenant, FORM),
    get: async (terms) => {
      if (
        memory !== undefined &&
        clock.now() - memory.checkedAt < MEMORY_AGE_MS &&
        age(memory.catalogue) < MAX_AGE_MS &&
        askAgain(memory.catalogue.unread, clock.now()).length === 0
      ) {
        return { outcome: 'ok', value: memory.catalogue };
      }
      return singleFlight(async () => {
        const loaded = await load();
        const known = loaded.catalogue;
        if (known === undefined || age(known) >= MAX_AGE_MS) return readAnew(terms, loaded);
        const again = askAgain(known.unread, clock.now());
        if (again.length === 0) return remember(known);
        const outcome = await readAnew(terms, loaded, again);
        // What is known has to do when the part can't be asked for now.
        return outcome.outcome === 'ok' ? outcome : remember(known);
      });
    },
    getNewer: (older, terms) =>
      singleFlight(async () => {
        const loaded = await load();
        const known = loaded.catalogue;
        if (known !== undefined && (known.readAt > older.readAt || age(known) < MISS_INTERVAL_MS)) {
          return remember(known);
        }
        // Pages from before the miss may lack the name as well.
        if (clock.now() - pagesSince >= MISS_INTERVAL_MS) pages = new Map();
        return readAnew(terms, loaded);
      }),
    learnRoles: async (agents) => {
      const seen = rolesOf(agents);
      const isKnown = ({ roles }: Catalogue) =>
        seen.every((role) => roles.some(({ id, name }) => id === role.id && name === role.name));
      if (seen.length === 0 || (memory !== undefined && isKnown(memory.catalogue))) return;
      await change((found) =>
        found === undefined || !areRolesIncomplete(found) || isKnown(found)
          ? undefined
          : withLearnedRoles(found, seen),
      );
    },
  };
}

/** Drops what was read before, unless it is right: it is read anew when it is needed. */
export async function forgetCatalogue(
  directory: Directory,
  tenant: string,
  isRight: (catalogue: Catalogue) => boolean,
): Promise<void> {
  const known = await readForm(directory, tenant, FORM);
  if (known !== undefined && !isRight(known)) await directory.eraseDocument(tenant, FORM.name);
}

/** A catalogue that the caller has: nothing is read, and nothing is newer. */
export function fixedCatalogue(catalogue: Catalogue): CatalogueStore {
  const answer = async (): Promise<Outcome<Catalogue>> => ({ outcome: 'ok', value: catalogue });
  return { known: async () => catalogue, get: answer, getNewer: answer, learnRoles: async () => {} };
}
