import type { AgentState } from '../../directory/record.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';

/**
 * Connection tests of identity providers create a person and delete it at once, and must leave nothing behind. Only an
 * agent that the record made itself: an adopted one has no `createdAt`.
 *
 * @returns epoch milliseconds until when a deletion at the source counts as the end of such a test; 0 where it never does
 */
export function undoUntil(
  { createdAt }: AgentState,
  { undoWithin }: TenantConfiguration['lifecycle'],
): number {
  return createdAt === undefined ? 0 : Date.parse(createdAt) + undoWithin * 1_000;
}
