import type { PersonRecord } from '../../directory/record.ts';
import { readBrake } from '../../provision/brake/brake.ts';
import {
  type Effect,
  type Foreseen,
  foreseeRecord,
  type Outlook,
  outlookOf,
} from '../../provision/forecast.ts';
import type { Services } from '../../provision/services.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import { nextTurn } from '../../runtime/clock.ts';
import { compact } from '../../runtime/compact.ts';
import type { Catalogue } from '../../smartassist/catalogue.ts';
import { OperateError } from '../errors.ts';
import { type Draft, packed, readDraft, type StoredDraft, unpacked, writeDraft } from './draft.ts';
import { readGenerations } from './generations.ts';
import { openPlanners, type Planners } from './look-ahead.ts';
import { plannedPerson, type SavedPlan } from './saved-plan.ts';

/** Persons that would be changed are kept up to so many: those alone can be let pass the brake. */
export const MOST_PERSONS = 1_000;
const PAGE = 200;
/** Look-ups of addresses that wait for each other no longer than they take. */
const AT_ONCE = 20;
const EXAMPLES = 5;
const LONGEST_NAME = 200;

type Owner = Pick<TenantProvisioning, 'name' | 'catalogue'>;

/**
 * Goes on with a plan for a time, a page of people at least. Two requests at once do the same work, and the first to end is
 * the one that counts.
 *
 * @param forMs after so many milliseconds no further page is begun
 */
export async function planOn(services: Services, owner: Owner, id: string, forMs: number): Promise<Draft> {
  const { directory, clock } = services;
  const { name } = owner;
  const { stored, draft, condition } = await readDraft(directory, name, id);
  if (stored.isDone) return draft;
  const planners = await plannersOf(services, owner, draft);
  const until = clock.now() + forMs;
  const tally = new Tally(stored);
  let { next, looked } = stored;
  do {
    const page = await directory.listPersons(name, { limit: PAGE, ...compact({ after: next }) });
    for (const foreseen of await foreseeAll(services, planners, name, page.persons)) tally.add(foreseen);
    looked += page.persons.length;
    next = page.next;
    // A local directory answers without waiting, and other requests are heard only in between.
    await nextTurn();
  } while (next !== undefined && clock.now() < until);
  const { next: _, persons: __, ...rest } = stored;
  const advanced: StoredDraft = {
    ...rest,
    ...tally.end(),
    looked,
    total: Math.max(stored.total, looked),
    isDone: next === undefined,
    isBeforeUnknown: planners.before === undefined,
    ...compact({ next }),
  };
  await writeDraft(services, name, id, advanced, condition);
  return (await readDraft(directory, name, id)).draft;
}

/** What a plan comes to, in calls, minutes and what the brake would say. */
export async function outlookOfDraft(
  services: Services,
  name: string,
  { effects, tenant }: Draft,
): Promise<Outlook> {
  const active = await services.directory.countActiveAgents(name);
  const brake = await readBrake(services, name);
  return outlookOf(effects as Record<Effect, number>, tenant, active, brake, services.clock.now());
}

/** What would happen now to those persons of a plan who are kept with it. */
export async function planAgain(
  services: Services,
  owner: Owner,
  draft: Draft,
  persons: SavedPlan['persons'],
): Promise<SavedPlan['persons']> {
  const { directory } = services;
  const planners = await plannersOf(services, owner, draft);
  const found: SavedPlan['persons'] = {};
  const ids = Object.keys(persons);
  for (let from = 0; from < ids.length; from += PAGE) {
    const records = await directory.readPersons(owner.name, ids.slice(from, from + PAGE));
    for (const foreseen of await foreseeAll(services, planners, owner.name, records)) {
      const planned = plannedPerson(foreseen);
      if (planned !== undefined) found[foreseen.id] = planned;
    }
  }
  return found;
}

export function personsOf({ persons }: StoredDraft): SavedPlan['persons'] | undefined {
  return persons === undefined ? undefined : (unpacked(persons) as SavedPlan['persons']);
}

async function plannersOf(
  { directory }: Services,
  { name, catalogue }: Owner,
  { tenant }: Draft,
): Promise<Planners> {
  const { before } = await readGenerations(directory);
  const terms = { name, configuration: tenant, ...compact({ active: before?.tenants[name] }) };
  return openPlanners(directory, terms, await knownNames(catalogue));
}

/** @throws OperateError while the names of SmartAssist have not been read */
export async function knownNames(catalogue: Owner['catalogue']): Promise<Catalogue> {
  const known = await catalogue.known();
  if (known !== undefined) return known;
  throw new OperateError(
    'unavailable',
    'The names of SmartAssist are not known here yet, so nothing can be checked against them; they are read with the first person.',
  );
}

async function foreseeAll(
  { directory }: Services,
  { planner, before }: Planners,
  tenant: string,
  records: readonly PersonRecord[],
): Promise<Foreseen[]> {
  const ids = records.map(({ id }) => id);
  const groups = await directory.groupsOfMany(tenant, ids);
  const all: Foreseen[] = [];
  for (let from = 0; from < records.length; from += AT_ONCE) {
    const some = records.slice(from, from + AT_ONCE);
    const foreseen = some.map((record) =>
      foreseeRecord(directory, planner, before, record, groups.get(record.id)),
    );
    all.push(...(await Promise.all(foreseen)));
  }
  return all;
}

type Tallied = Pick<StoredDraft, 'effects' | 'reasons' | 'fields' | 'rules' | 'examples' | 'persons'>;

/** Adds up what is foreseen of one person after the other. */
class Tally {
  readonly #effects: Record<string, number>;
  readonly #reasons: Map<string, number>;
  readonly #fields: Map<string, number>;
  readonly #rules: Map<string, number>;
  readonly #examples: StoredDraft['examples'];
  #persons: SavedPlan['persons'] | undefined;
  #count: number;

  constructor(stored: StoredDraft) {
    this.#effects = { ...stored.effects };
    this.#reasons = new Map(Object.entries(stored.reasons));
    this.#fields = new Map(Object.entries(stored.fields));
    this.#rules = new Map(Object.entries(stored.rules));
    this.#examples = [...stored.examples];
    this.#persons = personsOf(stored);
    this.#count = Object.keys(this.#persons ?? {}).length;
  }

  add(foreseen: Foreseen): void {
    const { id, userName, effect, reason, fields = {}, rules = [], problems = [] } = foreseen;
    this.#effects[effect] = (this.#effects[effect] ?? 0) + 1;
    const planned = plannedPerson(foreseen);
    if (planned === undefined) return;
    if (reason !== undefined) increase(this.#reasons, `${effect} ${reason}`);
    for (const field of Object.keys(fields)) increase(this.#fields, field);
    for (const rule of rules) increase(this.#rules, rule);
    if (this.#examples.filter((each) => each.effect === effect).length < EXAMPLES) {
      const words = problems.length > 0 ? problems.join('; ') : Object.keys(fields).join(', ');
      this.#examples.push({ id, userName: userName.slice(0, 200), effect, words: words.slice(0, 500) });
    }
    if (this.#persons === undefined) return;
    this.#count += 1;
    if (this.#count > MOST_PERSONS) this.#persons = undefined;
    else this.#persons[id] = { ...planned, userName: userName.slice(0, 60) };
  }

  end(): Tallied {
    return {
      effects: this.#effects,
      reasons: Object.fromEntries(this.#reasons),
      fields: Object.fromEntries(this.#fields),
      rules: Object.fromEntries(this.#rules),
      examples: this.#examples,
      ...compact({ persons: this.#persons && packed(this.#persons) }),
    } as Tallied;
  }
}

function increase(counts: Map<string, number>, name: string): void {
  const key = name.slice(0, LONGEST_NAME);
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
