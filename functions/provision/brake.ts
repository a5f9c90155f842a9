import * as z from 'zod/mini';
import { once } from '../runtime/once.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';
import type { Services } from './services.ts';

/**
 * The brake: an identity provider that is misconfigured can deactivate a whole contact centre in a minute. When more than
 * `percent` of a tenant's active agents (and at least `atLeast`) would be put out of service within `within` seconds, the
 * brake engages, and from then on every such record waits until a person releases or discards it.
 */
const brakeSchema = once(() =>
  z.object({
    /** When agents were put out of service lately, epoch milliseconds, oldest first. */
    times: z.array(z.number()),
    /** Since when the brake holds; absent while it doesn't. */
    engagedAt: z.optional(z.number()),
    /** Until when a person has let everything through. */
    releasedUntil: z.optional(z.number()),
  }),
);
export type BrakeState = z.output<ReturnType<typeof brakeSchema>>;

const DOCUMENT = 'brake';
const MAX_RACES = 50;

/** Asks for one more agent to be put out of service; true counts it. */
export async function brakeLets(
  tenant: string,
  settings: TenantConfiguration['lifecycle']['brake'],
  services: Services,
): Promise<boolean> {
  const { directory, clock, log, metrics } = services;
  const active = await directory.countActiveAgents(tenant);
  return changeBrake(services, tenant, (state, now) => {
    if (state.releasedUntil !== undefined && state.releasedUntil > now) return { answer: true };
    if (state.engagedAt !== undefined) return { answer: false };
    const times = [...state.times.filter((time) => time > now - settings.within * 1000), clock.now()];
    // The share is of the agents that there were before the first of them went.
    if (times.length > brakeLimit(settings, active + times.length - 1)) {
      log.error('the brake engages', { tenant, active, within: settings.within });
      metrics.gauge('BrakeEngaged', { tenant }, 1);
      return { state: { times: state.times, engagedAt: now }, answer: false };
    }
    return { state: { times }, answer: true };
  });
}

/** How many of so many active agents may leave service within the time that the brake watches. */
export function brakeLimit(
  { percent, atLeast }: TenantConfiguration['lifecycle']['brake'],
  activeAgents: number,
): number {
  return Math.max(atLeast - 1, Math.floor((activeAgents * percent) / 100));
}

/** How the brake stands. */
export async function readBrake(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
): Promise<BrakeState> {
  return parse((await directory.readDocument(tenant, DOCUMENT))?.body);
}

/** A person lets what waits through: for an hour nothing engages the brake again. */
export async function releaseBrake(services: Services, tenant: string): Promise<void> {
  await changeBrake(services, tenant, (_, now) => ({
    state: { times: [], releasedUntil: now + 60 * 60_000 },
    answer: true,
  }));
}

/** A person has dealt with what waits: the brake is as new. */
export async function resetBrake(services: Services, tenant: string): Promise<void> {
  await changeBrake(services, tenant, () => ({ state: { times: [] }, answer: true }));
}

async function changeBrake(
  { directory, clock }: Services,
  tenant: string,
  decide: (state: BrakeState, now: number) => { state?: BrakeState; answer: boolean },
): Promise<boolean> {
  let document = await directory.readDocument(tenant, DOCUMENT);
  for (let race = 0; race < MAX_RACES; race += 1) {
    const { state, answer } = decide(parse(document?.body), clock.now());
    if (state === undefined) return answer;
    const condition = document === undefined ? 'absent' : { version: document.version };
    const result = await directory.writeDocument(tenant, DOCUMENT, { ...state }, condition);
    if (result.ok) return answer;
    document = result.found;
  }
  throw new Error('the brake is contended beyond reason');
}

function parse(body: unknown): BrakeState {
  return body === undefined ? { times: [] } : brakeSchema().parse(body);
}
