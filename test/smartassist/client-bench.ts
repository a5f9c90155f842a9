import type { Log } from '../../functions/runtime/log.ts';
import { silentMetrics } from '../../functions/runtime/metrics.ts';
import type { HttpRequest, HttpResponse, Transport } from '../../functions/runtime/transport.ts';
import type { CallBudget, Urgency } from '../../functions/smartassist/budget.ts';
import {
  type CallTerms,
  openSmartAssist,
  type SmartAssistClient,
} from '../../functions/smartassist/client.ts';
import type { Credentials } from '../../functions/smartassist/token.ts';
import { configurationSchema } from '../../functions/tenant/configuration.ts';
import type { Simulator } from '../../local/simulator/interface.ts';
import type { SimulatorOptions } from '../../local/simulator/simulator.ts';
import { ADMIN, type Bench, bench, CLIENT, HandClock, START } from '../local/simulator-bench.ts';

/** A client with everything around it in a test's hands. */
export interface ClientBench {
  readonly client: SmartAssistClient;
  readonly clock: HandClock;
  /** Requests in the order in which they were sent. */
  readonly sent: HttpRequest[];
  /** Everything that was logged, as JSON lines. */
  readonly logged: string[];
  readonly taken: Urgency[];
  readonly pauses: number[];
  /** What `credentials.refresh` will give; asking for it is counted. */
  readonly credentials: { refreshed: Credentials; refreshes: number; admin: Credentials | undefined };
  /** How long until there is a slot (0: there is one now), and how long it takes to find out. */
  readonly budget: { waitMs: number; takesMs: number };
  terms(changes?: Partial<CallTerms>): CallTerms;
}

export function clientBench(
  transport: Transport,
  { clock = new HandClock(), settings = {} }: { clock?: HandClock; settings?: object } = {},
): ClientBench {
  const { tenants } = configurationSchema.parse({
    tenants: {
      demo: { smartassist: { host: 'smartassist.example', streamId: 'st-1', secret: 's', ...settings } },
    },
  });
  if (tenants.demo === undefined) throw new Error('the tenant is gone');
  const sent: HttpRequest[] = [];
  const logged: string[] = [];
  const taken: Urgency[] = [];
  const pauses: number[] = [];
  const credentials: ClientBench['credentials'] = { refreshed: CLIENT, refreshes: 0, admin: ADMIN };
  const write = (message: string, fields = {}) => void logged.push(JSON.stringify({ message, ...fields }));
  // As functions log: from info on.
  const log: Log = { debug() {}, info: write, warn: write, error: write };
  const slots = { waitMs: 0, takesMs: 0 };
  const budget: CallBudget = {
    take: async (urgency) => {
      taken.push(urgency);
      const { waitMs, takesMs } = slots;
      clock.advance(takesMs);
      return waitMs === 0 ? { granted: true } : { granted: false, waitMs };
    },
    waitMs: async () => 0,
    use: async () => 0,
    pause: async (milliseconds) => void pauses.push(milliseconds),
    resume: async () => {},
  };
  const client = openSmartAssist({
    tenant: 'demo',
    metrics: silentMetrics,
    settings: tenants.demo.smartassist,
    credentials: {
      get: async () => CLIENT,
      refresh: async () => {
        credentials.refreshes += 1;
        return credentials.refreshed;
      },
    },
    budget,
    admin: {
      credentials: { get: async () => credentials.admin, refresh: async () => credentials.admin },
      budget,
    },
    transport: (request) => {
      sent.push(request);
      return transport(request);
    },
    clock,
    randomId: () => `id-${sent.length}`,
    log,
  });
  return {
    client,
    clock,
    sent,
    logged,
    taken,
    pauses,
    credentials,
    budget: slots,
    terms: (changes = {}) => ({ urgency: 'interactive', deadline: clock.now() + 8_000, ...changes }),
  };
}

/** A client of a simulator in the same process. */
export function simulatorBench(
  options: Partial<SimulatorOptions> = {},
  settings: object = {},
): ClientBench & { readonly simulator: Simulator; readonly ids: Bench['ids'] } {
  const { simulator, clock, ids } = bench({ profile: 'ai-for-service', ...options });
  const made = clientBench(simulator.transport(), {
    clock,
    settings: { streamId: simulator.streamId, ...settings },
  });
  return Object.assign(made, { simulator, ids });
}

/** A transport that gives one answer to everything. */
export const answering =
  (status: number, body: unknown, headers: Record<string, string> = {}): Transport =>
  async (): Promise<HttpResponse> => ({
    status,
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

export { CLIENT, START };
