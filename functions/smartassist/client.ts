import * as z from 'zod/mini';
import type { Clock } from '../runtime/clock.ts';
import { compact } from '../runtime/compact.ts';
import type { Log } from '../runtime/log.ts';
import type { MetricName, Metrics } from '../runtime/metrics.ts';
import { once } from '../runtime/once.ts';
import { type HttpResponse, type Transport, TransportError } from '../runtime/transport.ts';
import type { Account } from './account.ts';
import { type AgentRecord, agentRecord, agentsByCustomId } from './agent.ts';
import { type AgentPage, agentPage } from './agent-list.ts';
import { readAnswer } from './answer.ts';
import type { CallBudget, Urgency } from './budget.ts';
import { describeFailure, type Failure, type Outcome } from './outcome.ts';
import type { AgentPayload } from './payload.ts';
import { type Credentials, mintToken } from './token.ts';
import { type AvailableAgent, availableAgents, type WorkforceAgent, workforcePage } from './workforce.ts';

/**
 * Who asks, and for how long: a call is never sent without a slot, and never outlives its caller. What is `begun` waits
 * for a slot as long as there is time; all else is told at once that none is free.
 */
export interface CallTerms {
  readonly urgency: Urgency;
  /** Epoch milliseconds by which the answer must be there. */
  readonly deadline: number;
  /** Hears of each call that is really sent, by its operation. */
  readonly onCall?: (operation: string) => void;
}

/** Credentials as they are known, and fetched anew. */
export interface CredentialSource<T> {
  get(): Promise<T>;
  refresh(): Promise<T>;
}

/** What the client needs from outside. */
export interface ClientOptions {
  /** Under whose name its calls are counted. */
  readonly tenant: string;
  readonly settings: Account;
  readonly credentials: CredentialSource<Credentials>;
  readonly budget: CallBudget;
  /**
   * The app of the Admin Console, which alone may ask below `/api/public`, and the budget of those calls: SmartAssist
   * counts them apart. Without the app its calls are made with the bot app's token.
   */
  readonly admin: {
    readonly credentials: CredentialSource<Credentials | undefined>;
    readonly budget: CallBudget;
  };
  readonly transport: Transport;
  readonly clock: Clock;
  readonly randomId: () => string;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Hears of the organization's id wherever an answer has it. */
  readonly onOrganization?: (orgId: string) => Promise<void>;
}

const TIMEOUT_MS = 30_000;
/** With less time left than this a call is not begun: most likely it would end with an unknown outcome. */
const MIN_TIMEOUT_MS = 200;

/** As what a call without success is counted. A refusal is about the agent and not about the call. */
const FAILURES = {
  throttled: 'CallThrottled',
  unreachable: 'CallUnanswered',
  unknown: 'CallUnanswered',
  unauthorized: 'CallUnauthorized',
  refused: undefined,
  'not-found': undefined,
  'no-slot': undefined,
} as const satisfies Readonly<Record<Failure['outcome'], MetricName | undefined>>;

/** Which pair of credentials a refused token was made with; the two may stand in each other's place. */
const APPS = {
  bot: 'the bot app (clientId), made in App Settings > Dev Tools',
  admin: 'the admin app (admin.clientId), made in the Admin Console',
} as const;

const OUT_OF_TIME = { outcome: 'unreachable', message: 'no time was left for a call' } as const;

const createdAgent = once(() =>
  z.pipe(
    z.looseObject({ emailId: z.string() }),
    z.transform(({ id, orgId }) => ({
      agentId: typeof id === 'string' && id.startsWith('a-') ? id : undefined,
      orgId: typeof orgId === 'string' ? orgId : undefined,
    })),
  ),
);
/** A sample of an answer has an empty text in the place of the address. */
const updatedAgent = once(() =>
  z.pipe(
    z.looseObject({}),
    z.transform(({ emailId }) => ({
      emailId: typeof emailId === 'string' && emailId !== '' ? emailId : undefined,
    })),
  ),
);
const anything = once(() => z.looseObject({}));

export interface SmartAssistClient {
  /** `POST /agents`: one call, never repeated by itself. */
  createAgent(
    payload: AgentPayload,
    terms: CallTerms,
  ): Promise<Outcome<{ agentId: string | undefined; orgId: string | undefined }>>;
  /** `GET /agents/{agentId}` */
  getAgent(agentId: string, terms: CallTerms): Promise<Outcome<AgentRecord>>;
  /** `GET /agents/customId/{customId}`: none, one, or (SmartAssist doesn't keep it unique) several. */
  findByCustomId(customId: string, terms: CallTerms): Promise<Outcome<AgentRecord[]>>;
  /** `PUT /agents/{agentId}` with a whole record, as `merge` makes it; answers the agent's address where it says it. */
  updateAgent(
    agentId: string,
    record: Record<string, unknown>,
    terms: CallTerms,
  ): Promise<Outcome<{ readonly emailId: string | undefined }>>;
  /** `DELETE /agents/{agentId}` */
  deleteAgent(agentId: string, terms: CallTerms): Promise<Outcome<unknown>>;
  /**
   * `DELETE /users`, an Admin API: the account's user with this e-mail address. One that isn't there is `ok`; a reason that
   * SmartAssist names is `refused`.
   */
  deleteUser(emailId: string, terms: CallTerms): Promise<Outcome<unknown>>;
  /** `GET /organizations/{orgId}/agents`, queues included: pages count from 1. */
  listAgents(orgId: string, page: number, terms: CallTerms): Promise<Outcome<AgentPage>>;
  /**
   * The list for workforce management: agents from `offset` on, in pages of the caller's size. Takes the scope WFM
   * Integration and the account's id, without which it is `not-found`.
   */
  listWorkforce(
    page: { readonly offset: number; readonly limit: number },
    terms: CallTerms,
  ): Promise<Outcome<WorkforceAgent[]>>;
  /** `POST /agents/availability`: addresses of many agents in one call. */
  readAvailability(agentIds: readonly string[], terms: CallTerms): Promise<Outcome<AvailableAgent[]>>;
  /** `GET` of a public endpoint below the stream, such as `/queues?page=1`. */
  read<T>(path: string, schema: z.core.$ZodType<T>, terms: CallTerms): Promise<Outcome<T>>;
  /** Whether there is an app of the Admin Console, as the secret has it now. */
  hasAdminApp(): Promise<boolean>;
  /** `GET` of the roles: an Admin API, under another base path and with the admin app's token. */
  readRoles<T>(schema: z.core.$ZodType<T>, terms: CallTerms): Promise<Outcome<T>>;
}

/** What Delete Users answers about those that it left: each with a reason, whose words are documented nowhere. */
const deletedUsers = once(() => {
  const reason = z.object({
    message: z.optional(z.string()),
    errors: z.optional(z.array(z.object({ msg: z.string() }))),
  });
  const failure = z.object({ reason: z.union([z.string(), reason]) });
  return z.object({ failedUserDetails: z.optional(z.array(failure)) });
});
const NO_USER = /not (?:found|exist)|no such user/i;

/** An answer, and whether its call found out if SmartAssist still throttles. */
interface Sent {
  readonly response: HttpResponse;
  readonly isProbe: boolean;
}

interface Call {
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** Beside those that every call has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Which of SmartAssist's two kinds of app the call takes; the bot app where it isn't said. */
  readonly app?: 'admin';
}

/**
 * The client of SmartAssist's public API. Each call takes a slot of the account's budget, carries a freshly minted JWT,
 * ends before the caller's deadline, and comes back as an `Outcome`. A 401 fetches the secret anew and tries once more.
 * Rejects only with a `SecretError`.
 */
export function openSmartAssist(options: ClientOptions): SmartAssistClient {
  const { tenant, settings, credentials, admin, transport, clock, randomId, log, metrics } = options;
  const base = `/agentassist/api/v1/public/${encodeURIComponent(settings.streamId)}`;

  const budgetOf = ({ app }: Call) => (app === 'admin' ? admin.budget : options.budget);
  const credentialsFor = ({ app }: Call): CredentialSource<Credentials> =>
    app === undefined
      ? credentials
      : {
          get: async () => (await admin.credentials.get()) ?? credentials.get(),
          refresh: async () => (await admin.credentials.refresh()) ?? credentials.refresh(),
        };

  const send = async (call: Call, current: Credentials, terms: CallTerms): Promise<Outcome<Sent>> => {
    if (terms.deadline - clock.now() < MIN_TIMEOUT_MS) return OUT_OF_TIME;
    let token: string;
    let isProbe = false;
    for (;;) {
      token = await mintToken(current, settings.tokenClaims, clock.now(), randomId());
      const slot = await budgetOf(call).take(terms.urgency);
      if (slot.granted) {
        isProbe = slot.isProbe === true;
        break;
      }
      const isWaitedFor =
        terms.urgency === 'begun' && clock.now() + slot.waitMs + MIN_TIMEOUT_MS < terms.deadline;
      if (!isWaitedFor) return { outcome: 'no-slot', waitMs: slot.waitMs };
      await clock.sleep(slot.waitMs);
    }
    const timeoutMs = Math.min(TIMEOUT_MS, terms.deadline - clock.now());
    if (timeoutMs < MIN_TIMEOUT_MS) return OUT_OF_TIME;
    terms.onCall?.(call.operation);
    metrics.count('Call', { tenant });
    const sentAt = clock.now();
    try {
      const response = await transport({
        method: call.method,
        url: `${settings.host}${call.path}`,
        headers: {
          auth: token,
          accept: 'application/json',
          ...compact({ accountId: settings.accountId }),
          ...call.headers,
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        timeoutMs,
      });
      return { outcome: 'ok', value: { response, isProbe } };
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      return error.sent
        ? { outcome: 'unknown', message: error.message }
        : { outcome: 'unreachable', message: error.message };
    } finally {
      metrics.time('CallTime', {}, clock.now() - sentAt);
    }
  };

  const perform = async <T>(
    call: Call,
    schema: z.core.$ZodType<T>,
    terms: CallTerms,
  ): Promise<Outcome<T>> => {
    const attempt = async (current: Credentials): Promise<Outcome<T>> => {
      const sent = await send(call, current, terms);
      if (sent.outcome !== 'ok') return sent;
      const { response, isProbe } = sent.value;
      const answer = readAnswer(response, schema, clock.now());
      if (answer.outcome === 'throttled') await budgetOf(call).pause(answer.waitMs);
      else if (isProbe) await budgetOf(call).resume();
      return answer;
    };
    const source = credentialsFor(call);
    const first = await source.get();
    let outcome = await attempt(first);
    if (outcome.outcome === 'unauthorized') {
      const anew = await source.refresh();
      if (anew.clientId !== first.clientId || anew.clientSecret !== first.clientSecret) {
        outcome = await attempt(anew);
      }
    }
    if (outcome.outcome !== 'ok') {
      const failure = FAILURES[outcome.outcome];
      if (failure !== undefined) metrics.count(failure, { tenant });
      // Without a slot nothing was sent: it is waited for, and asked again each second.
      const level = outcome.outcome === 'no-slot' ? 'debug' : 'warn';
      log[level]('SmartAssist call without success', {
        operation: call.operation,
        outcome: outcome.outcome,
        reason: describeFailure(outcome),
        ...(outcome.outcome === 'unauthorized' ? { app: APPS[call.app ?? 'bot'] } : {}),
      });
    }
    return outcome;
  };

  const learn = async <T extends { orgId?: string | undefined }>(
    outcome: Outcome<T>,
  ): Promise<Outcome<T>> => {
    if (outcome.outcome === 'ok' && outcome.value.orgId !== undefined) {
      await options.onOrganization?.(outcome.value.orgId);
    }
    return outcome;
  };
  const at = (...segments: string[]) => [base, ...segments.map(encodeURIComponent)].join('/');

  const getAgent: SmartAssistClient['getAgent'] = async (agentId, terms) =>
    learn(
      await perform(
        { operation: 'GET /agents/{agentId}', method: 'GET', path: at('agents', agentId) },
        agentRecord(),
        terms,
      ),
    );

  return {
    createAgent: async (payload, terms) =>
      learn(
        await perform(
          { operation: 'POST /agents', method: 'POST', path: at('agents'), body: payload },
          createdAgent(),
          terms,
        ),
      ),
    getAgent,
    findByCustomId: async (customId, terms) => {
      const outcome = await perform(
        { operation: 'GET /agents/customId', method: 'GET', path: at('agents', 'customId', customId) },
        agentsByCustomId(),
        terms,
      );
      if (outcome.outcome === 'not-found') return { outcome: 'ok', value: [] };
      if (outcome.outcome !== 'ok') return outcome;
      const records: AgentRecord[] = [];
      for (const found of outcome.value) {
        if (typeof found !== 'string') records.push(found);
        else {
          const read = await getAgent(found, terms);
          if (read.outcome === 'ok') records.push(read.value);
          else if (read.outcome !== 'not-found') return read;
        }
      }
      return { outcome: 'ok', value: records };
    },
    updateAgent: (agentId, record, terms) =>
      perform(
        { operation: 'PUT /agents/{agentId}', method: 'PUT', path: at('agents', agentId), body: record },
        updatedAgent(),
        terms,
      ),
    deleteAgent: (agentId, terms) =>
      perform(
        { operation: 'DELETE /agents/{agentId}', method: 'DELETE', path: at('agents', agentId) },
        anything(),
        terms,
      ),
    deleteUser: async (emailId, terms) => {
      const answer = await perform(
        {
          operation: 'DELETE /users',
          method: 'DELETE',
          path: '/api/public/users',
          body: { deleteEmailIds: [emailId] },
          app: 'admin',
        },
        deletedUsers(),
        terms,
      );
      if (answer.outcome !== 'ok') return answer;
      const [failure] = answer.value.failedUserDetails ?? [];
      if (failure === undefined) return answer;
      const { reason } = failure;
      const message =
        typeof reason === 'string'
          ? reason
          : (reason.errors?.[0]?.msg ?? reason.message ?? 'without a reason');
      return NO_USER.test(message) ? answer : { outcome: 'refused', status: 200, message };
    },
    listAgents: (orgId, page, terms) =>
      perform(
        {
          operation: 'GET /organizations/{orgId}/agents',
          method: 'GET',
          path: `${at('organizations', orgId, 'agents')}?page=${page}&includeQueues=True`,
        },
        agentPage(),
        terms,
      ),
    listWorkforce: async ({ offset, limit }, terms) =>
      settings.accountId === undefined
        ? { outcome: 'not-found' }
        : perform(
            {
              operation: 'GET /analytics/account/{accountId}/agents',
              method: 'GET',
              path: `/agentassist/api/public/analytics/account/${encodeURIComponent(settings.accountId)}/agents?offset=${offset}&limit=${limit}`,
              headers: { iId: settings.streamId, 'content-type': 'application/json' },
            },
            workforcePage(),
            terms,
          ),
    readAvailability: (agentIds, terms) =>
      perform(
        {
          operation: 'POST /agents/availability',
          method: 'POST',
          path: at('agents', 'availability'),
          body: { agentIds },
        },
        availableAgents(),
        terms,
      ),
    read: (path, schema, terms) =>
      perform(
        { operation: `GET ${path.replace(/\?.*/, '')}`, method: 'GET', path: base + path },
        schema,
        terms,
      ),
    hasAdminApp: async () => (await admin.credentials.get()) !== undefined,
    readRoles: (schema, terms) =>
      perform(
        {
          operation: 'GET /roles',
          method: 'GET',
          path: '/api/public/roles?roleType=bot&limit=50',
          app: 'admin',
        },
        schema,
        terms,
      ),
  };
}
