import type { Reply, ScimCall } from '../scim-call.ts';
import type { WrittenAgent } from '../witness.ts';
import { isOfNeighbour } from './people.ts';

/** How soon a joiner has an agent while calls are free. */
const PROMISED_MS = 60_000;
const MINUTE_MS = 60_000;
/** Where so many of the calls of a minute are used, others were before. */
const BUSY = 0.5;

/**
 * Holds the product to the promise to joiners: an agent within a minute, or as soon as calls are free. Only the calls of
 * the tenant's own app keep its joiners waiting: what another tenant of the account does is no excuse.
 */
export class JoinerWatch {
  readonly #now: () => number;
  readonly #breaks: (rule: string) => void;
  readonly #callsPerMinute: number;
  /** By address: when its person was accepted. */
  readonly #waiting = new Map<string, { readonly id: string; readonly since: number }>();
  readonly #made = new Set<string>();
  readonly #sent: number[] = [];

  constructor(options: {
    readonly now: () => number;
    readonly breaks: (rule: string) => void;
    readonly callsPerMinute: number;
  }) {
    this.#now = options.now;
    this.#breaks = options.breaks;
    this.#callsPerMinute = options.callsPerMinute;
  }

  /** A call of the tenant's own app leaves. */
  sent(): void {
    this.#sent.push(this.#now());
  }

  /** A front door has answered. A person who is changed before the agent is there is no plain joiner any more. */
  replied({ method, path, tenant }: ScimCall, { status, body }: Reply): void {
    if (tenant !== undefined) return;
    if (method === 'POST' && path === '/Users' && status === 201) {
      const [{ value = '' } = {}] = (body.emails ?? []) as { readonly value?: string }[];
      // Tried at once, the agent is there before the answer is.
      if (body.active !== false && !this.#made.has(value))
        this.#waiting.set(value, { id: String(body.id), since: this.#now() });
    } else if (method !== 'GET') {
      for (const [email, { id }] of this.#waiting) if (path.endsWith(id)) this.#waiting.delete(email);
    }
  }

  /** The product has made or changed an agent. One from before has to be found first, which takes a reconciliation. */
  written({ email, isNew }: WrittenAgent): void {
    this.#made.add(email);
    const waiting = this.#waiting.get(email);
    if (waiting === undefined || isOfNeighbour(email)) return;
    this.#waiting.delete(email);
    if (!isNew) return;
    const minutes = Math.floor((this.#now() - waiting.since - PROMISED_MS) / MINUTE_MS) + 1;
    if (minutes < 1) return;
    const used = this.#sent.filter((at) => at >= waiting.since).length;
    if (used < BUSY * this.#callsPerMinute * minutes) {
      const seconds = Math.round((this.#now() - waiting.since) / 1_000);
      this.#breaks(`${email} has waited ${seconds} s for an agent, and ${used} calls were sent meanwhile`);
    }
  }
}
