import type { Directory } from '../../functions/directory/directory.ts';
import { everyPage } from '../../functions/directory/pages.ts';
import { AGENT_CHANGES } from '../../functions/provision/history.ts';
import { isOfNeighbour } from './beside/people.ts';
import { TENANT } from './scim-call.ts';
import type { Change, Witness } from './witness.ts';

/** What the product has done to the tenant's agents, as SmartAssist saw it: each change has one entry of the audit. */
export class Audit {
  readonly #seen: Record<Change, number> = { create: 0, update: 0, delete: 0 };

  constructor(witness: Witness) {
    witness.onChange((change, { email }) => {
      if (!isOfNeighbour(email)) this.#seen[change] += 1;
    });
  }

  /**
   * @param isCalm nothing fails, so that the product has learned of every change what became of it; else it may have
   * missed some, and has an entry of none that wasn't
   */
  async wrongs(directory: Directory, isCalm: boolean): Promise<string[]> {
    const told: Record<Change, number> = { create: 0, update: 0, delete: 0 };
    for await (const { entries } of everyPage((from) =>
      directory.listHistory(TENANT, AGENT_CHANGES, { limit: 500, ...from }),
    )) {
      for (const { what, changed } of entries) {
        // An agent that is as it should be is taken without a call, or after one whose outcome was never learned.
        if (changed === undefined && ['adopted', 'updated', 'resumed'].includes(String(what))) continue;
        told[what === 'created' ? 'create' : what === 'removed' ? 'delete' : 'update'] += 1;
      }
    }
    const changes: readonly Change[] = ['create', 'update', 'delete'];
    return changes
      .filter((change) => told[change] > this.#seen[change] || (isCalm && told[change] < this.#seen[change]))
      .map((change) => `the audit has ${told[change]} of ${this.#seen[change]} changes: ${change}`);
  }
}
