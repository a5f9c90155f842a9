import { openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { type ApplyContext, applyEvent } from '../../functions/events/apply.ts';
import type { AuthenticatedEvent } from '../../functions/events/event.ts';
import { pendingBodyOf } from '../../functions/events/pending.ts';
import { openServices, type Services } from '../../functions/provision/services.ts';
import type { Clock } from '../../functions/runtime/clock.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { openNumbers } from '../runtime/numbers.ts';

/** What the clock of a test says at first. */
export const NOON = '2026-11-20T12:00:00.000Z';
/** ISO 8601 of so many seconds after noon, or before it. */
export const plus = (seconds: number) => new Date(Date.parse(NOON) + seconds * 1_000).toISOString();

class StandingClock implements Clock {
  #now = Date.parse(NOON);

  now(): number {
    return this.#now;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
  }

  advance(seconds: number): void {
    this.#now += seconds * 1_000;
  }
}

export const event = (changes: Partial<AuthenticatedEvent> = {}): AuthenticatedEvent => ({
  source: 'hr',
  trust: 'signed',
  kind: 'upsert',
  type: 'user.updated',
  subject: { id: 'E-1' },
  completeness: 'partial',
  occurredAt: NOON,
  ...changes,
});
/** An event that says all of Ada. */
export const ada = (person: object = {}, changes: Partial<AuthenticatedEvent> = {}): AuthenticatedEvent =>
  event({ completeness: 'full', person: { userName: 'ada@example.com', ...person }, ...changes });

export type Bench = ReturnType<typeof openBench>;

/** A directory, and what the room of events does with it: no door, no provider, no SmartAssist. */
export function openBench(
  tenant: object = {},
  change: (services: Services) => Partial<Services> = () => ({}),
) {
  const clock = new StandingClock();
  const directory = openDirectory(memoryTable(clock), clock);
  const logged: string[] = [];
  const write = (message: string, fields = {}) => void logged.push(JSON.stringify({ message, ...fields }));
  const rung: string[] = [];
  const numbers = openNumbers();
  let ids = 0;
  const unused = async () => {
    throw new Error('nothing here calls');
  };
  const base = openServices({
    directory,
    secrets: { get: unused, refresh: unused },
    transport: unused,
    clock,
    random: Math.random,
    randomId: () => `id-${String(++ids).padStart(6, '0')}`,
    log: { debug: write, info: write, warn: write, error: write },
    metrics: numbers,
    ring: async (name) => void rung.push(name),
  });
  const services: Services = { ...base, ...change(base) };
  const configuration = {
    provisionWhen: 'not (active eq false)',
    rules: [],
    agent: {},
    sources: { hr: { preset: 'standard-webhooks' }, it: { preset: 'standard-webhooks' } },
    ...tenant,
  } as unknown as TenantConfiguration;
  const apply = (said: AuthenticatedEvent, context: Partial<ApplyContext> = {}) =>
    applyEvent({ services, tenant: 'demo', configuration, canFetch: false, ...context }, said);
  const bodies = (all: readonly { readonly id: string; readonly dueAt?: string; readonly body: object }[]) =>
    all.map(({ id, dueAt, body }) => ({ id, ...(dueAt && { dueAt }), ...pendingBodyOf({ body } as never) }));
  return {
    clock,
    directory,
    services,
    configuration,
    logged,
    rung,
    numbers,
    apply,
    /** What came of an event. */
    outcome: async (said: AuthenticatedEvent, context: Partial<ApplyContext> = {}) =>
      (await apply(said, context)).outcome,
    stored: async (): Promise<PersonRecord[]> =>
      (await directory.listRecords('demo', { limit: 100 })).persons,
    only: async (): Promise<PersonRecord> => {
      const { persons } = await directory.listRecords('demo', { limit: 100 });
      const [record] = persons;
      if (record === undefined || persons.length > 1) throw new Error(`there are ${persons.length} persons`);
      return record;
    },
    /** What waits for its time, by when it is due. */
    due: async () => bodies(await directory.duePendingEvents('demo', Date.parse('2200-01-01'), 100)),
    /** What waits for an operator. */
    waiting: async () => bodies((await directory.unscheduledPendingEvents('demo', { limit: 300 })).events),
    /** The names of groups, each with the ids of its members. */
    groups: async () => {
      const { groups } = await directory.listGroups('demo', { limit: 100 });
      const named = groups.map(async ({ id, group }) => {
        const { members } = await directory.listMembers('demo', id, { limit: 100 });
        return [String(group.displayName), members.map(({ value }) => value)] as const;
      });
      return Object.fromEntries(await Promise.all(named));
    },
  };
}

/** A bench in whose directory changes of persons lose their race as often as is said. */
export function openRacingBench(): { readonly bench: Bench; readonly lose: (times: number) => void } {
  let races = 0;
  const bench = openBench({}, ({ directory }) => ({
    directory: {
      ...directory,
      updatePerson: async (before, now) => {
        races -= 1;
        return races >= 0 ? { ok: false, reason: 'changed' } : directory.updatePerson(before, now);
      },
    },
  }));
  return {
    bench,
    lose: (times) => {
      races = times;
    },
  };
}
