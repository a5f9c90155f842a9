import { type AgentView, isSuspended } from '../agent-view.ts';
import { NO_RELEASES } from '../releases/releases.ts';
import type { Variety } from '../variety.ts';
import type { WrittenAgent } from '../witness.ts';

/** How many agents are in service. */
export function inService(agents: ReadonlyMap<string, AgentView>): number {
  return [...agents.values()].filter((view) => !isSuspended(view)).length;
}

/** Holds the product to the number of seats, at every moment and with however many functions at work. */
export class SeatWatch {
  readonly #seats: number;
  readonly #agents: () => ReadonlyMap<string, AgentView>;
  readonly #breaks: (rule: string) => void;

  constructor(terms: {
    readonly seats: number;
    readonly agents: () => ReadonlyMap<string, AgentView>;
    readonly breaks: (rule: string) => void;
  }) {
    this.#seats = terms.seats;
    this.#agents = terms.agents;
    this.#breaks = terms.breaks;
  }

  written(agent: WrittenAgent): void {
    if (isSuspended(agent)) return;
    const count = inService(this.#agents());
    if (count > this.#seats) this.#breaks(`${count} agents are in service on ${this.#seats} seats`);
  }
}

/**
 * The same world with fewer seats than people. Without what puts agents in service past the product, by hand or late, or is
 * adopted whatever the limit.
 */
export function withSeats(variety: Variety): Variety {
  const persons = Math.min(variety.persons, 40);
  const seats = Math.ceil(persons / 3);
  const { tenant, weather, remapped } = variety;
  const { sources: _, authority: __, ...rest } = tenant;
  return {
    ...variety,
    persons,
    tenant: { ...rest, sources: {}, seats },
    remapped: remapped && { ...remapped, sources: {}, seats },
    weather: { ...weather, appliedLate: 0 },
    handEdits: 0,
    strangers: 0,
    neighbour: undefined,
    sources: undefined,
    disaster: false,
    releases: NO_RELEASES,
  };
}
