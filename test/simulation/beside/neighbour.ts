import { createHash } from 'node:crypto';
import type { TenantConfiguration } from '../../../functions/tenant/configuration.ts';
import type { Dice } from '../dice.ts';

/** Another tenant of the same SmartAssist account and bot: it shares calls, directory, queue and schedule. */
export const BESIDE = 'beside';
export const BESIDE_TOKEN = 'simulated-scim-token of the other tenant';

/**
 * What is wrong with it, for ever: nothing; a secret that isn't there, may not be read, or is no JSON; credentials that
 * SmartAssist refuses; rules with names that it lacks; rules that this code can't compile.
 */
const STATES = ['sound', 'gone', 'denied', 'malformed', 'refused', 'unknown names', 'no rules'] as const;

export interface Neighbour {
  readonly state: (typeof STATES)[number];
  readonly persons: number;
}

export function neighbourOf(dice: Dice): Neighbour | undefined {
  if (dice.chance(0.85)) return undefined;
  return { state: dice.pick(STATES), persons: dice.whole(5, 25) };
}

/** Its configuration, made from that of the tenant beside it. */
export function configuredAs({ state }: Neighbour, tenant: TenantConfiguration): TenantConfiguration {
  const { rules, ...rest } = tenant;
  switch (state) {
    case 'unknown names':
      return { ...rest, rules: [...rules, { name: 'misspelt', set: { agentGroup: 'No such group' } }] };
    case 'no rules':
      return { ...rest, rules: [...rules, { name: 'broken', when: 'title eq (', set: { role: 'Agent' } }] };
    default:
      return tenant;
  }
}

const digest = createHash('sha256').update(BESIDE_TOKEN).digest('hex');

/** What Secrets Manager says of one of its secrets. */
export function secretOf(
  { state }: Neighbour,
  kind: 'door' | 'smartassist',
  good: object,
): { readonly text: string } | { readonly error: string } {
  if (state === 'gone') return { error: 'ResourceNotFoundException' };
  if (kind === 'door') return { text: JSON.stringify({ scimTokens: [`sha256:${digest}`] }) };
  switch (state) {
    case 'denied':
      return { error: 'AccessDeniedException' };
    case 'malformed':
      return { text: '{"clientId":' };
    case 'refused':
      return { text: JSON.stringify({ clientId: 'cs-2', clientSecret: 'key-of-cs-2' }) };
    default:
      return { text: JSON.stringify(good) };
  }
}
