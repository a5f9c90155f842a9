import * as z from 'zod/mini';
import type { Directory } from '../directory/directory.ts';
import type { Clock } from '../runtime/clock.ts';
import { once } from '../runtime/once.ts';
import type { CallTerms, SmartAssistClient } from './client.ts';
import type { Outcome } from './outcome.ts';

/** A tenant's agent groups, skills, queues and roles: names and the ids that SmartAssist knows them by. */
export const catalogueSchema = once(() => {
  const entry = z.object({ id: z.string(), name: z.string() });
  return z.object({
    agentGroups: z.array(z.extend(entry, { isDefault: z.boolean(), isUnassigned: z.boolean() })),
    skills: z.array(z.extend(entry, { group: z.string() })),
    queues: z.array(entry),
    roles: z.array(entry),
    /** Epoch milliseconds of the reading. */
    readAt: z.number(),
  });
});
export type Catalogue = z.output<ReturnType<typeof catalogueSchema>>;

export interface CatalogueStore {
  /** What is known without a call, however old. */
  known(): Promise<Catalogue | undefined>;
  /** The catalogue: from memory, from the directory, or read from SmartAssist; at most an hour old. */
  get(terms: CallTerms): Promise<Outcome<Catalogue>>;
  /** For a name that `older` doesn't have: read anew, at most once a minute; else the newest that is known. */
  getNewer(older: Catalogue, terms: CallTerms): Promise<Outcome<Catalogue>>;
}

const MAX_AGE_MS = 60 * 60_000;
/** Other functions may have read a newer one meanwhile: the directory is asked that often. */
const MEMORY_AGE_MS = 60_000;
const MISS_INTERVAL_MS = 60_000;
/** Pages older than this don't belong to the same reading any more. */
const RESUME_MS = 10 * 60_000;
const DOCUMENT = 'catalogue';
/** An account with more pages of anything than this is beyond what a call budget can read. */
const MAX_PAGES = 100;

/**
 * Keeps a tenant's catalogue in memory and in the directory, so that a name costs a call only when it is new.
 * Readers in one process share a reading that is under way.
 */
export function openCatalogue(options: {
  readonly client: SmartAssistClient;
  readonly directory: Directory;
  readonly tenant: string;
  readonly clock: Clock;
}): CatalogueStore {
  const { client, directory, tenant, clock } = options;
  let memory: { catalogue: Catalogue; checkedAt: number } | undefined;
  let reading: Promise<Outcome<Catalogue>> | undefined;
  let pagesSince = 0;

  const remember = (catalogue: Catalogue): Outcome<Catalogue> => {
    memory = { catalogue, checkedAt: clock.now() };
    return { outcome: 'ok', value: catalogue };
  };
  const stored = async (): Promise<Catalogue | undefined> => {
    const document = await directory.readDocument(tenant, DOCUMENT);
    const parsed = catalogueSchema().safeParse(document?.body);
    return parsed.success ? parsed.data : undefined;
  };
  /** Pages of a reading that broke off: the next one goes on where it ended. */
  let pages = new Map<string, NamedPage>();
  const readAnew = async ({ deadline }: CallTerms): Promise<Outcome<Catalogue>> => {
    if (clock.now() - pagesSince > RESUME_MS) pages = new Map();
    if (pages.size === 0) pagesSince = clock.now();
    // Nobody can be provisioned without the names, so reading them belongs to whatever needs them, and isn't back-fill.
    const outcome = await readCatalogue(client, clock, pages, { deadline, urgency: 'begun' });
    if (outcome.outcome !== 'ok') return outcome;
    pages = new Map();
    await directory.writeDocument(tenant, DOCUMENT, { ...outcome.value });
    return remember(outcome.value);
  };
  const singleFlight = (read: () => Promise<Outcome<Catalogue>>) => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const age = (catalogue: Catalogue) => clock.now() - catalogue.readAt;

  return {
    known: async () => memory?.catalogue ?? stored(),
    get: async (terms) => {
      if (
        memory !== undefined &&
        clock.now() - memory.checkedAt < MEMORY_AGE_MS &&
        age(memory.catalogue) < MAX_AGE_MS
      ) {
        return { outcome: 'ok', value: memory.catalogue };
      }
      return singleFlight(async () => {
        const known = await stored();
        return known !== undefined && age(known) < MAX_AGE_MS ? remember(known) : readAnew(terms);
      });
    },
    getNewer: (older, terms) =>
      singleFlight(async () => {
        const known = await stored();
        if (known !== undefined && (known.readAt > older.readAt || age(known) < MISS_INTERVAL_MS)) {
          return remember(known);
        }
        // Pages from before the miss may lack the name as well.
        if (clock.now() - pagesSince >= MISS_INTERVAL_MS) pages = new Map();
        return readAnew(terms);
      }),
  };
}

/** `name` is spelled in several ways across the endpoints. */
const named = once(() =>
  z
    .looseObject({
      id: z.optional(z.string()),
      _id: z.optional(z.string()),
      name: z.optional(z.string()),
    })
    .check(z.refine((value) => value.id !== undefined || value._id !== undefined, { message: 'has no id' })),
);

type Named = z.output<ReturnType<typeof named>>;

const idOf = (value: Named): string => value.id ?? value._id ?? '';
const nameOf = (value: Named): string => value.name ?? (typeof value.role === 'string' ? value.role : '');

/** A page, whichever of its documented shapes it has: a bare array, or an object with the array and paging facts. */
const page = once(() =>
  z.union([
    z.pipe(
      z.array(named()),
      z.transform((results): NamedPage => ({ results, hasMore: () => false })),
    ),
    z.pipe(
      z.looseObject({}),
      z.transform((value, context): NamedPage => {
        const results = Object.values(value).find(Array.isArray);
        const parsed = z.safeParse(z.array(named()), results);
        if (!parsed.success) {
          context.issues.push({ code: 'custom', message: 'holds no list', input: value });
          return z.NEVER;
        }
        const { hasMore, totalPages } = value;
        return {
          results: parsed.data,
          hasMore: (number: number) =>
            hasMore === true || (typeof totalPages === 'number' && number < totalPages),
        };
      }),
    ),
  ]),
);

/** A catalogue that somebody has at hand: nothing is read, and nothing is newer. */
export function fixedCatalogue(catalogue: Catalogue): CatalogueStore {
  const answer = async (): Promise<Outcome<Catalogue>> => ({ outcome: 'ok', value: catalogue });
  return { known: async () => catalogue, get: answer, getNewer: answer };
}

interface NamedPage {
  readonly results: Named[];
  /** Whether there is another page behind this one, by its number from 1. */
  readonly hasMore: (number: number) => boolean;
}

/** Reads all names of an account, page by page. One failing call fails the reading. */
async function readCatalogue(
  client: SmartAssistClient,
  clock: Clock,
  pages: Map<string, NamedPage>,
  terms: CallTerms,
): Promise<Outcome<Catalogue>> {
  const agentGroups = await readPages(client, '/agent-groups', pages, terms);
  if (agentGroups.outcome !== 'ok') return agentGroups;
  const skillGroups = await readPages(client, '/skill-groups', pages, terms);
  if (skillGroups.outcome !== 'ok') return skillGroups;
  const skills: Catalogue['skills'] = [];
  for (const group of skillGroups.value) {
    const inGroup = await readPages(
      client,
      `/skill-groups/${encodeURIComponent(idOf(group))}/skills`,
      pages,
      terms,
    );
    if (inGroup.outcome !== 'ok') return inGroup;
    for (const skill of inGroup.value)
      skills.push({ id: idOf(skill), name: nameOf(skill), group: nameOf(group) });
  }
  const queues = await readPages(client, '/queues', pages, terms);
  if (queues.outcome !== 'ok') return queues;
  const roles = await client.readRoles(page(), terms);
  if (roles.outcome !== 'ok') return roles;
  return {
    outcome: 'ok',
    value: {
      agentGroups: agentGroups.value.map((group) => ({
        id: idOf(group),
        name: nameOf(group),
        isDefault: group.isDefault === true,
        isUnassigned: group.isUnassigned === true,
      })),
      skills,
      queues: queues.value.map((queue) => ({ id: idOf(queue), name: nameOf(queue) })),
      roles: roles.value.results.map((role) => ({ id: idOf(role), name: nameOf(role) })),
      readAt: clock.now(),
    },
  };
}

async function readPages(
  client: SmartAssistClient,
  path: string,
  pages: Map<string, NamedPage>,
  terms: CallTerms,
): Promise<Outcome<NamedPage['results']>> {
  const all: NamedPage['results'] = [];
  for (let number = 1; number <= MAX_PAGES; number += 1) {
    const at = `${path}?page=${number}`;
    let read = pages.get(at);
    if (read === undefined) {
      const outcome = await client.read(at, page(), terms);
      if (outcome.outcome !== 'ok') return outcome;
      read = outcome.value;
      pages.set(at, read);
    }
    all.push(...read.results);
    if (!read.hasMore(number) || read.results.length === 0) return { outcome: 'ok', value: all };
  }
  // Half of the names would refuse persons for a reason that isn't one.
  return { outcome: 'unknown', message: `${path} has more than ${MAX_PAGES} pages` };
}
