import { SignJWT } from 'jose';
import type { Clock } from '../../functions/runtime/clock.ts';
import type { Answer } from '../../local/simulator/answer.ts';
import type { Simulator } from '../../local/simulator/interface.ts';
import { createSimulator, type SimulatorOptions } from '../../local/simulator/simulator.ts';

export const START = Date.parse('2026-11-23T10:00:00Z');
export const CLIENT = { clientId: 'cs-Demo-1', clientSecret: 'a secret of the demo tenant' };
export const ADMIN = { clientId: 'cs-Demo-2', clientSecret: 'a secret of the Admin Console' };

/** A clock that stands still until a test moves it. */
export class HandClock implements Clock {
  #now = START;
  #sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => this.#sleepers.push({ until: this.#now + milliseconds, wake }));
  }

  sleepers(): number {
    return this.#sleepers.length;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#sleepers.filter(({ until }) => until <= this.#now);
    this.#sleepers = this.#sleepers.filter(({ until }) => until > this.#now);
    for (const { wake } of due) wake();
  }
}

/** mulberry32: the same numbers at every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function sign(
  claims: Record<string, unknown> = {},
  secret = CLIENT.clientSecret,
  alg = 'HS256',
): Promise<string> {
  return new SignJWT({ sub: 'provisioner', appId: CLIENT.clientId, ...claims })
    .setProtectedHeader({ alg, typ: 'JWT' })
    .sign(new TextEncoder().encode(secret));
}

/** A token of the app of the Admin Console. */
export const signAsAdmin = () => sign({ appId: ADMIN.clientId }, ADMIN.clientSecret);

/** An answer's body with the fields that tests look into, whether or not it has them. */
export interface AnswerBody extends Record<string, unknown> {
  readonly errors: readonly { readonly msg: string; readonly code: number }[];
  readonly results: readonly { readonly name: string; readonly lastName: string }[];
  readonly roles: readonly unknown[];
  readonly BUSY: readonly { readonly _id: string }[];
  readonly OFFLINE: readonly { readonly _id: string }[];
  readonly name: string;
}

export interface Called {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AnswerBody;
}

export interface Bench {
  readonly clock: HandClock;
  readonly simulator: Simulator;
  /** A call below the base path with a good token; `headers` come on top, undefined takes one out. */
  call(
    operation: string,
    body?: unknown,
    headers?: Readonly<Record<string, string | undefined>>,
  ): Promise<Called>;
  /** The ids of the catalogue by name. */
  readonly ids: ReturnType<typeof idsOf>;
  /** A body that the smartassist profile takes as it is. */
  person(changes?: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

export function bench(options: Partial<SimulatorOptions> = {}): Bench {
  const clock = new HandClock();
  const simulator = createSimulator({
    clock,
    random: seeded(1),
    credentials: () => [CLIENT],
    admin: () => [ADMIN],
    ...options,
  });
  const ids = idsOf(simulator);
  return {
    clock,
    simulator,
    ids,
    async call(operation, body, headers = {}) {
      const [method = '', path = ''] = operation.split(' ');
      const absolute = /^\/(_simulator|api|agentassist)/.test(path);
      const answer = await simulator.handle({
        method,
        url: absolute ? path : `/agentassist/api/v1/public/${simulator.streamId}${path}`,
        headers: {
          auth: await (path.startsWith('/api') ? signAsAdmin() : sign()),
          'content-type': 'application/json',
          iid: simulator.streamId,
          ...headers,
        },
        body: typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body),
      });
      return called(answer as Answer);
    },
    person: (changes = {}) => ({
      emailId: 'ada@example.com',
      firstName: 'Ada',
      lastName: 'Lovelace',
      phoneNumber: '4915112345678',
      agentGroupId: ids.group('Billing'),
      canSupportChat: true,
      chatLanguageSupport: [{ language: 'en', proficiency: 'expert' }],
      voiceLanguageSupport: [],
      skills: [{ skillId: ids.skill('Billing', 'Refunds'), proficiencyLevel: 'good' }],
      ...changes,
    }),
  };
}

function called({ status, headers, body }: Answer): Called {
  return { status, headers, body: body === '' ? undefined : JSON.parse(body) };
}

function idsOf({ catalogue }: Simulator) {
  const id = (items: readonly { readonly id: string; readonly name: string }[], name: string): string => {
    const found = items.find((item) => item.name === name);
    if (found === undefined) throw new Error(`the catalogue has no ${name}`);
    return found.id;
  };
  return {
    group: (name: string) => id(catalogue.agentGroups, name),
    queue: (name: string) => id(catalogue.queues, name),
    layout: (name: string) => id(catalogue.layouts, name),
    skillGroup: (name: string) => id(catalogue.skillGroups, name),
    skill: (group: string, name: string) =>
      id(catalogue.skillGroups.find((candidate) => candidate.name === group)?.skills ?? [], name),
    role: (name: string) => catalogue.roles.find(({ role }) => role === name)?._id ?? '',
  };
}
