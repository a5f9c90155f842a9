import type { ApiGeneration } from '../../smartassist/vocabulary.ts';
import type { AgentPaths } from '../../tenant/configuration.ts';

/**
 * What a new agent's custom id is: this product's key of the person, none, or a value of the person's own. Kore calls it
 * the agent's id in the customer's system, and an extension number.
 */
export type CustomIdRule = 'generated' | 'none' | 'person';

/** The starting page knows the custom id as a path parameter only, so `smartassist` gives none unless it is asked to. */
export function customIdRuleOf(
  { customId }: Pick<AgentPaths, 'customId'>,
  profile: ApiGeneration,
): CustomIdRule {
  const from = customId?.from.trim();
  if (from === undefined) return profile === 'smartassist' ? 'none' : 'generated';
  return isCustomIdWord(from) ? from : 'person';
}

export function isCustomIdWord(from: string): from is 'generated' | 'none' {
  return from === 'generated' || from === 'none';
}
