import * as z from 'zod/mini';
import { once } from '../runtime/once.ts';

/**
 * An agent as the list for workforce management shows it: `GET …/analytics/account/{accountId}/agents`. The number of
 * entries a page is the caller's, and there is no address among them.
 *
 * @see https://docs.kore.ai (AI for Service, "Agents" of the WFM integration)
 */
export interface WorkforceAgent {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** Entries that can't be read are left out. */
export const workforcePage = once(() =>
  z.pipe(
    z.array(z.unknown()),
    z.transform((entries): WorkforceAgent[] =>
      entries.flatMap((entry) => {
        const { agentId, firstName, lastName } = (entry ?? {}) as Readonly<Record<string, unknown>>;
        return typeof agentId === 'string' && agentId !== ''
          ? [{ id: agentId, firstName: text(firstName), lastName: text(lastName) }]
          : [];
      }),
    ),
  ),
);

/** An agent as `POST /agents/availability` shows it: the one answer that has ids and addresses of many agents. */
export interface AvailableAgent {
  readonly id: string;
  readonly emailId: string;
  readonly customId: string;
}

/** All agents of the answer, whatever they are doing. */
export const availableAgents = once(() =>
  z.pipe(
    z.looseObject({}),
    z.transform((answer): AvailableAgent[] =>
      Object.values(answer)
        .filter(Array.isArray)
        .flat()
        .flatMap((entry: unknown) => {
          const { _id, id, emailId, customId } = (entry ?? {}) as Readonly<Record<string, unknown>>;
          const agentId = text(_id) || text(id);
          return agentId === '' ? [] : [{ id: agentId, emailId: text(emailId), customId: text(customId) }];
        }),
    ),
  ),
);
