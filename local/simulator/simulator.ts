import type { Clock, Random } from '../../functions/runtime/clock.ts';
import { Agents } from './agents/agents.ts';
import type { Profile } from './agents/body.ts';
import type { AgentStore } from './agents/store.ts';
import { type Answer, Rejection, refused, type SimulatorAnswer } from './answer.ts';
import { perform } from './api.ts';
import { type Behaviour, type BehaviourInput, behaviourSchema, type Fault, takeFault } from './behaviour.ts';
import { type Breach, type CallLimits, Calls } from './calls.ts';
import { type CatalogueSeed, DEMO_CATALOGUE, hex24, uuidOf } from './catalogue.ts';
import { control, isControl } from './control.ts';
import type { Simulator } from './interface.ts';
import { pathOf, type SimulatorRequest } from './request.ts';
import { routeOf } from './route.ts';
import { type Credentials, TokenCheck } from './token.ts';
import { transportTo } from './transport.ts';

const DEMO_STREAM_ID = `st-${uuidOf('demo stream')}`;
const DEMO_ACCOUNT_ID = hex24('demo account');

/** Documented text of a call beyond the limit; its status and Retry-After are not, so they are `behaviour.throttled`. */
const THROTTLED = {
  minute: "You've exceeded the per-minute rate limit. Please try again later.",
  hour: "You've exceeded the hourly rate limit. Please try again later.",
};

export interface SimulatorOptions {
  readonly clock: Clock;
  /** Ids, probabilities and garbage come from it: a seeded one makes a run repeatable. */
  readonly random: Random;
  /** The bot apps that are good at this moment; while a secret is rotated, one id may be there twice. */
  readonly credentials: () => readonly Credentials[];
  /** The apps of the Admin Console; without it there is none, and the roles can't be read. */
  readonly admin?: () => readonly Credentials[];
  readonly streamId?: string;
  /** When given, the `accountId` header must be this. */
  readonly accountId?: string;
  readonly profile?: Profile;
  readonly catalogue?: CatalogueSeed;
  /** When given, the in-process transport knows no other host (with its port, if any). */
  readonly host?: string;
  readonly behaviour?: BehaviourInput;
  /** Where agents outlive the process; without it nowhere. */
  readonly store?: AgentStore;
}

/** A SmartAssist on one machine: strict where the API is documented, and a setting where it isn't. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const { clock, random, catalogue = DEMO_CATALOGUE, profile = 'smartassist' } = options;
  const accountId = options.accountId ?? DEMO_ACCOUNT_ID;
  const account = {
    accountId,
    orgId: `o-${uuidOf(`organization of ${accountId}`)}`,
    streamId: options.streamId ?? DEMO_STREAM_ID,
    host: options.host ?? 'smartassist.example',
  };
  const agents = new Agents(clock, random, catalogue, account, options.store);
  const calls = new Calls();
  const tokens = new TokenCheck({ bot: options.credentials, admin: options.admin ?? (() => []) });
  let behaviour = behaviourSchema.parse(options.behaviour ?? {});
  /** Checking a token takes as long as the machine likes: calls are done in the order in which they came. */
  let turn: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };

  /** One call of the API. What time and chance decide is decided when it arrives. */
  function call(request: SimulatorRequest): Promise<SimulatorAnswer> {
    const now = clock.now();
    const inForce = behaviour;
    const path = pathOf(request);
    const route = routeOf(request.method, path, account.streamId);
    const breach = calls.admit(route?.operation ?? 'unknown', now, limitsOf(path, inForce));
    if (breach !== undefined) return Promise.resolve(throttled(breach, inForce));
    if (route === undefined) {
      return Promise.resolve(refused(new Rejection(404, `there is no ${request.method} ${path}`)));
    }
    const fault = takeFault(inForce, route.operation, random);
    const instead = answerInstead(fault, inForce);
    if (instead !== undefined) return Promise.resolve(instead);
    return inTurn(async () => {
      await tokens.verify(request.headers.auth, now, route.operation, inForce);
      if (options.accountId !== undefined && request.headers.accountid !== options.accountId) {
        throw new Rejection(400, "accountId: the header must be the account's id");
      }
      return perform(route, request, { agents, catalogue, account, profile }, inForce);
    })
      .catch(answerTo)
      .then((answer) => answerAfter(fault, answer, random));
  }

  const simulator: Simulator = {
    streamId: account.streamId,
    accountId,
    orgId: account.orgId,
    catalogue,
    async handle(request) {
      const { answer, afterMs } = await simulator.deliver(request);
      if (afterMs > 0) await clock.sleep(afterMs);
      return answer;
    },
    async deliver(request) {
      if (isControl(request)) return { answer: control(request, simulator), afterMs: 0 };
      const afterMs = behaviour.latencyMs;
      return { answer: await call(request), afterMs };
    },
    transport: () => transportTo(simulator, clock, options.host),
    agents: () => agents.all(),
    users: () => agents.users(),
    seedAgent: (partial) => agents.seed(partial),
    editAgent: (id, patch) => agents.edit(id, patch),
    settled: () => turn.then(() => undefined),
    calls: () => calls.counts(),
    peakPerMinute: () => calls.peakPerMinute(),
    behaviour: () => structuredClone(behaviour),
    setBehaviour(input) {
      behaviour = behaviourSchema.parse(input);
      return structuredClone(behaviour);
    },
    reset() {
      agents.clear();
      calls.reset();
      tokens.reset();
    },
  };
  return simulator;
}

/** The Admin APIs are below `/api/public`, and counted apart. */
function limitsOf(path: string, { callsPerMinute, adminCalls }: Behaviour): CallLimits {
  return path.startsWith('/api/public/')
    ? { bucket: 'admin', ...adminCalls }
    : { bucket: 'contact-centre', perMinute: callsPerMinute };
}

function throttled(breach: Breach, behaviour: Behaviour): Answer {
  return refused(new Rejection(behaviour.throttled.status, THROTTLED[breach]), retryHeader(behaviour));
}

function retryHeader({ throttled: { retryAfter } }: Behaviour): Record<string, string> {
  return retryAfter === null ? {} : { 'retry-after': String(retryAfter) };
}

/** The answer of a fault that keeps the call from being done. */
function answerInstead(fault: Fault | undefined, behaviour: Behaviour): SimulatorAnswer | undefined {
  if (fault?.kind === 'drop-before') return { kind: 'drop' };
  if (fault?.kind === 'hang') return { kind: 'hang' };
  if (fault?.kind === 'status') {
    const { status = 503 } = fault;
    return refused(new Rejection(status, 'simulated fault'), status === 429 ? retryHeader(behaviour) : {});
  }
  return undefined;
}

/** The answer of a fault that befalls a call which has been done. */
function answerAfter(fault: Fault | undefined, answer: Answer, random: Random): SimulatorAnswer {
  if (fault?.kind === 'drop-after') return { kind: 'drop' };
  if (fault?.kind === 'hang-after') return { kind: 'hang' };
  if (fault?.kind !== 'garbage') return answer;
  return random() < 0.5
    ? {
        ...answer,
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<!doctype html><title>Bad Gateway</title>',
      }
    : { ...answer, status: 200, body: answer.body.slice(0, answer.body.length / 2) };
}

function answerTo(error: unknown): Answer {
  if (error instanceof Rejection) return refused(error);
  throw error;
}
