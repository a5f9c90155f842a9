import { EVENING, MORNING } from '../day.ts';
import type { Dice } from '../dice.ts';
import { FrontDoor } from '../front-door.ts';
import { type Profile, resourceOf } from '../person-model.ts';
import type { ScimCall } from '../scim-call.ts';
import type { Simulation } from '../simulation.ts';
import { BESIDE, BESIDE_TOKEN } from './neighbour.ts';

const HOUR_MS = 60 * 60_000;
/** As often as a refused request is sent again. */
const AGAIN_MS = 20 * 60_000;

const addressOf = (number: number) => `beside-${number}@example.com`;
export const isOfNeighbour = (email: string) => email.startsWith('beside-');

/** The people of the other tenant: who come, are changed, and some of whom go. */
export class NeighbourPeople {
  readonly #simulation: Simulation;
  readonly #dice: Dice;
  readonly #door: FrontDoor;
  /** By number: the id that was answered, and whether the last word was that they are in service. */
  readonly #known = new Map<number, { readonly id: string; readonly isActive: boolean }>();

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.#dice = simulation.dice.fork('people beside');
    this.#door = new FrontDoor(simulation);
  }

  start(): void {
    const { time, variety } = this.#simulation;
    const { persons = 0 } = variety.neighbour ?? {};
    const burst = MORNING + this.#dice.whole(0, 8 * HOUR_MS);
    for (let number = 0; number < persons; number += 1) {
      const joins = this.#dice.chance(0.5)
        ? burst + this.#dice.whole(0, 60_000)
        : MORNING + this.#dice.whole(0, 9 * HOUR_MS);
      time.at(joins, () => void this.#join(number));
      if (this.#dice.chance(0.5)) {
        const leaves = joins + this.#dice.whole(0, 3 * HOUR_MS);
        time.at(leaves, () => void this.#leave(number));
      }
    }
  }

  /** What is wrong in the end: what one tenant's door shows of the other, and, where nothing is wrong with it, its agents. */
  async complaints(persons: number): Promise<string[]> {
    const { variety, witness, directory } = this.#simulation;
    const { state } = variety.neighbour ?? {};
    if (state === undefined) return [];
    const wrongs: string[] = [];
    const own = await this.#door.send({ method: 'GET', path: '/Users' });
    const listed = JSON.stringify(own.body);
    if (own.status !== 200 || Number(own.body.totalResults) > persons || listed.includes('beside-')) {
      wrongs.push(`a list of persons shows others': ${own.status} ${listed.slice(0, 200)}`);
    }
    const strange = await this.#door.send({ method: 'GET', path: '/Users', tenant: BESIDE });
    const { status = 0 } = strange;
    if (status !== 401 && status !== 503) wrongs.push(`a token of another tenant is answered ${status}`);
    if (state !== 'sound') return wrongs;
    for (const [number, { id, isActive }] of this.#known) {
      const record = await directory.readPerson(BESIDE, id);
      const agents = [...witness.agents.values()].filter(({ email }) => email === addressOf(number));
      const isRight = isActive ? record?.state === 'provisioned' && agents.length === 1 : agents.length <= 1;
      if (!isRight) wrongs.push(`${addressOf(number)} is ${record?.state} with ${agents.length} agents`);
    }
    return wrongs;
  }

  async #join(number: number): Promise<void> {
    const body = resourceOf(addressOf(number), profileOf(number));
    const { status, body: answered } = await this.#bring({ method: 'POST', path: '/Users', body });
    if (status === 201) this.#known.set(number, { id: String(answered.id), isActive: true });
  }

  async #leave(number: number): Promise<void> {
    const known = this.#known.get(number);
    if (known === undefined) return;
    const { id } = known;
    const Operations = [{ op: 'replace', path: 'active', value: false }];
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
    const call = { method: 'PATCH', path: `/Users/${id}`, body: { schemas, Operations } } as const;
    const { status } = await this.#bring(call);
    if (status === 200) this.#known.set(number, { id, isActive: false });
  }

  /** Sent again until it is answered as the caller's own fault or done; a broken tenant's is given up in the evening. */
  async #bring(call: ScimCall) {
    const { time } = this.#simulation;
    for (;;) {
      const reply = await this.#door.send({ ...call, tenant: BESIDE, token: BESIDE_TOKEN });
      const isOver = reply.status !== undefined && reply.status < 500;
      if (isOver || time.now() > EVENING) return reply;
      await time.sleep(this.#dice.whole(1_000, AGAIN_MS));
    }
  }
}

function profileOf(number: number): Profile {
  return {
    ...{ givenName: `Beside ${number}`, familyName: 'Neighbour', email: addressOf(number) },
    ...{ department: 'Support', language: 'en-US', phone: `+49 151 9${String(number).padStart(6, '0')}` },
    ...{ title: 'Agent', active: true },
  };
}
