import * as z from 'zod/mini';
import { once } from '../runtime/once.ts';
import { type AgentRecord, agentRecord } from './agent.ts';

/**
 * A page of `GET /organizations/{orgId}/agents`, and what it says about further ones. Its records are of another shape
 * than a single one: no `customId`, and queues only where `includeQueues` asks for them.
 *
 * @see https://docs.kore.ai (AI for Service, "List all agents")
 */
export interface AgentPage {
  readonly results: readonly AgentRecord[];
  readonly totalPages: number | undefined;
  /** Whether another page is to be asked for behind page `number` (from 1). */
  mayHaveMore(number: number): boolean;
}

/** Paging facts contradict each other in the published samples: one that speaks of more is believed, an empty page ends. */
export const agentPage = once(() =>
  z.pipe(
    z.looseObject({
      results: z.array(z.unknown()),
      hasMore: z.optional(z.unknown()),
      totalPages: z.optional(z.unknown()),
    }),
    z.transform(({ results, hasMore, totalPages: told }): AgentPage => {
      const totalPages = typeof told === 'number' ? told : undefined;
      const isSilent = typeof hasMore !== 'boolean' && totalPages === undefined;
      return {
        results: results.flatMap((entry) => {
          const parsed = z.safeParse(agentRecord(), entry);
          return parsed.success ? [withPlainQueues(parsed.data)] : [];
        }),
        totalPages,
        mayHaveMore: (number) =>
          results.length > 0 &&
          (hasMore === true || isSilent || (totalPages !== undefined && totalPages > number)),
      };
    }),
  ),
);

/** The list has an agent's preference one level deeper than every other record: `queues[].agents[].isPreferredAgent`. */
function withPlainQueues(record: AgentRecord): AgentRecord {
  if (!Array.isArray(record.queues)) return record;
  return { ...record, queues: record.queues.map((queue: unknown) => plainQueue(queue, record.userId)) };
}

const queueOfMembers = once(() =>
  z.looseObject({
    agents: z.array(
      z.looseObject({ userId: z.optional(z.unknown()), isPreferredAgent: z.optional(z.unknown()) }),
    ),
  }),
);

function plainQueue(queue: unknown, userId: unknown): unknown {
  const parsed = z.safeParse(queueOfMembers(), queue);
  if (!parsed.success) return queue;
  const { agents, ...rest } = parsed.data;
  const own =
    agents.find((agent) => agent.userId === userId) ?? (agents.length === 1 ? agents[0] : undefined);
  return { ...rest, isPreferredAgent: own?.isPreferredAgent === true };
}
