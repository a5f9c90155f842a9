import { documentKey } from '../../../functions/directory/keys.ts';
import type { Table, Write } from '../../../functions/directory/table.ts';
import type { GenerationEntry } from '../../../functions/tenant/generation/store.ts';
import { DEMO_CATALOGUE } from '../../../local/simulator/catalogue.ts';
import type { Configurations, Wanted } from './configurations.ts';

/** A generation as it was activated. */
interface Activated {
  readonly number: number;
  readonly wanted: Wanted;
}

/**
 * Holds the product to the order of generations: an agent goes through them forwards and never back, however many
 * functions work with an older one. Told by the role, which is the configuration's alone: the roles that an agent has had
 * are those of the generations in their order, some left out.
 */
export class GenerationOrder {
  readonly #configurations: Configurations;
  readonly #breaks: (rule: string) => void;
  readonly #activated: Activated[] = [];
  /** By agent: the place of the earliest generation that it can be of. */
  readonly #places = new Map<string, number>();

  constructor(configurations: Configurations, breaks: (rule: string) => void) {
    this.#configurations = configurations;
    this.#breaks = breaks;
  }

  get activated(): readonly Activated[] {
    return this.#activated;
  }

  /** Sees each generation at the moment when it becomes the active one. */
  watch(table: Table): Table {
    return {
      ...table,
      write: async (writes) => {
        const result = await table.write(writes);
        if (result.ok) for (const write of writes) this.#look(write);
        return result;
      },
    };
  }

  /** The product has made or changed an agent, which has this role now. */
  written(agentId: string, roleId: string): void {
    const role = ROLE_NAMES.get(roleId);
    const from = this.#places.get(agentId) ?? 0;
    const place = this.#activated.findIndex((each, at) => at >= from && each.wanted.role === role);
    if (place >= 0) this.#places.set(agentId, place);
    else {
      const was = this.#activated.map((each) => `${each.number} (${each.wanted.role})`).join(', ');
      this.#breaks(
        `agent ${agentId} is led back to ${role}: it was at generation ${this.#activated[from]?.number} of ${was}`,
      );
    }
  }

  #look(write: Write): void {
    if (!('put' in write) || write.put.pk !== ACTIVE.pk || write.put.sk !== ACTIVE.sk) return;
    const { number, digest } = write.put.body.content as GenerationEntry;
    const before = this.#activated.at(-1)?.number ?? 0;
    if (number !== before + 1) this.#breaks(`generation ${number} is activated after ${before}`);
    this.#activated.push({ number, wanted: this.#configurations.of(digest) });
  }
}

const ACTIVE = documentKey('configuration:', 'active');
const ROLE_NAMES = new Map(DEMO_CATALOGUE.roles.map(({ _id, role }) => [_id, role]));
