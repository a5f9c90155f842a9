import type { Person } from '../../functions/scim-core/person.ts';
import type { Dice } from './dice.ts';
import type { FrontDoor } from './front-door.ts';
import {
  GROUPS,
  type GroupName,
  type PersonModel,
  type Profile,
  resourceOf,
  type Values,
} from './person-model.ts';
import type { Effect } from './register.ts';
import type { Reply, ScimCall } from './scim-call.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What an identity provider does about one person, in its own order. */
export type Change =
  | { readonly kind: 'have'; readonly profile: Profile }
  | { readonly kind: 'activate'; readonly active: boolean }
  | { readonly kind: 'delete' }
  | { readonly kind: 'member'; readonly group: GroupName; readonly isMember: boolean };

export interface Story {
  readonly userName: string;
  /** Their first address. */
  readonly email: string;
  readonly changes: readonly { readonly at: number; readonly change: Change }[];
}

/** How it comes out: done, or refused for what it says. */
type Told = 'done' | 'refused';

/** A provider tries what was refused again with its next cycle. */
const CYCLE_MS = 40 * 60_000;

/**
 * Tells one person's story through the front door, as identity providers do: one request at a time for a person, again
 * until it is answered, matched by userName when the person is there already; and now and then a request goes out twice, or
 * once more long after.
 */
export class IdentityProvider {
  readonly #time: VirtualTime;
  readonly #dice: Dice;
  readonly #door: FrontDoor;
  #repeats: number;
  readonly #imports: number;
  /** Until when refused requests are tried again. */
  readonly #evening: number;
  readonly #refused = new Map<PersonModel, Change>();

  constructor(options: {
    readonly time: VirtualTime;
    readonly dice: Dice;
    readonly door: FrontDoor;
    /** How likely a request goes out twice. */
    readonly repeats: number;
    /** How likely a new person is imported from a file. */
    readonly imports: number;
    readonly evening: number;
  }) {
    this.#time = options.time;
    this.#dice = options.dice;
    this.#door = options.door;
    this.#repeats = options.repeats;
    this.#imports = options.imports;
    this.#evening = options.evening;
  }

  async tell({ changes }: Story, model: PersonModel): Promise<void> {
    for (const { at, change } of changes) {
      await this.#time.sleep(Math.max(0, at - this.#time.now()));
      while (!(await this.#bring(model, change)) && this.#time.now() < this.#evening) {
        await this.#time.sleep(CYCLE_MS);
      }
    }
  }

  /** One more cycle for what was refused: the last one, so nothing goes out once more long after it. */
  async tryRefused(model: PersonModel): Promise<void> {
    this.#repeats = 0;
    const change = this.#refused.get(model);
    if (change !== undefined) await this.#bring(model, change);
  }

  /** Makes one change be there, whatever it takes; false when it is refused. */
  async #bring(model: PersonModel, change: Change): Promise<boolean> {
    for (;;) {
      const told = await this.#attempt(model, change);
      if (told === 'refused') this.#refused.set(model, change);
      else if (told === 'done') this.#refused.delete(model);
      if (told !== undefined) return told === 'done';
      await this.#time.sleep(this.#dice.whole(500, 60_000));
    }
  }

  async #attempt(model: PersonModel, change: Change): Promise<Told | undefined> {
    const { id, userName } = model;
    switch (change.kind) {
      case 'have':
        return id === undefined
          ? this.#create(model, change.profile)
          : this.#replace(model, id, change.profile);
      case 'activate': {
        if (id === undefined) return 'done';
        const { active } = change;
        const Operations = [{ op: 'replace', path: 'active', value: active }];
        const path = `/Users/${id}`;
        return told(await this.#ask(model, { method: 'PATCH', path, body: patch(Operations) }, { active }));
      }
      case 'delete': {
        if (id === undefined) return 'done';
        const outcome = told(await this.#ask(model, { method: 'DELETE', path: `/Users/${id}` }, GONE));
        if (outcome !== undefined) model.id = undefined;
        return outcome;
      }
      case 'member': {
        const groupId = this.#door.groupIds.get(change.group);
        if (id === undefined || groupId === undefined) return 'done';
        const Operations = change.isMember
          ? [{ op: 'add', path: 'members', value: [{ value: id, display: userName }] }]
          : [{ op: 'remove', path: `members[value eq "${id}"]` }];
        const values = { [change.group]: change.isMember };
        const path = `/Groups/${groupId}`;
        return told(await this.#ask(model, { method: 'PATCH', path, body: patch(Operations) }, values));
      }
    }
  }

  async #create(model: PersonModel, profile: Profile): Promise<Told | undefined> {
    if (this.#dice.chance(this.#imports)) return this.#import(model, profile);
    const body = resourceOf(model.userName, profile);
    const values = { ...profile, isThere: true };
    const reply = await this.#ask(model, { method: 'POST', path: '/Users', body }, values);
    if (reply.status === 201) model.id = String(reply.body.id);
    if (reply.status !== 409 || isAddressTaken(reply)) return told(reply);
    const query = `filter=${encodeURIComponent(`userName eq "${model.userName}"`)}`;
    const found = await this.#door.send({ method: 'GET', path: '/Users', query });
    const [resource] = (found.body.Resources ?? []) as { readonly id: string }[];
    model.id = resource?.id;
    // Matched: what is there is now made what it should be.
    return undefined;
  }

  async #import(model: PersonModel, profile: Profile): Promise<Told | undefined> {
    const end = model.begin({ ...profile, isThere: true }, this.#time.now());
    const arrived = await this.#door.import(resourceOf(model.userName, profile) as unknown as Person);
    const effect = arrived === undefined ? 'unknown' : arrived.outcome === 'stored' ? 'applied' : 'none';
    end(this.#time.now(), effect);
    if (arrived?.outcome === 'stored') model.id = arrived.record.id;
    if (arrived?.outcome === 'userName-taken') model.id = arrived.id;
    return effect === 'applied' ? 'done' : undefined;
  }

  async #replace(model: PersonModel, id: string, profile: Profile): Promise<Told | undefined> {
    const body = resourceOf(model.userName, profile);
    // What is taken is there, even if another source has brought it.
    const values = { ...profile, isThere: true };
    const reply = await this.#ask(model, { method: 'PUT', path: `/Users/${id}`, body }, values);
    if (reply.status !== 404) return told(reply);
    model.id = undefined;
    return undefined;
  }

  /** Sends a request that writes `values`, sometimes twice. */
  async #ask(model: PersonModel, call: ScimCall, values: Values): Promise<Reply> {
    if (this.#dice.chance(this.#repeats)) {
      const later = this.#dice.chance(0.5) ? this.#dice.whole(0, 500) : this.#dice.whole(1_000, 3_600_000);
      this.#time.after(later, () => void this.#write(model, call, values));
    }
    return this.#write(model, call, values);
  }

  async #write(model: PersonModel, call: ScimCall, values: Values): Promise<Reply> {
    const end = model.begin(values, this.#time.now());
    const reply = await this.#door.send(call);
    end(this.#time.now(), effectOf(reply));
    return reply;
  }
}

/** A person who is gone is a member of nothing. */
const GONE: Values = {
  isThere: false,
  ...Object.fromEntries(GROUPS.map((group) => [group, false])),
};

const patch = (Operations: readonly unknown[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
});

/** Another person has the address: sent again at once, it would be refused again. */
function isAddressTaken({ status, body }: Reply): boolean {
  return status === 409 && String(body.detail).includes('an agent belongs to one person');
}

function effectOf({ status }: Reply): Effect {
  if (status === undefined || status >= 500) return 'unknown';
  return status < 300 ? 'applied' : 'none';
}

/** Undefined: to be sent again. A person who isn't there any more needs no change. */
function told(reply: Reply): Told | undefined {
  const { status } = reply;
  if (isAddressTaken(reply)) return 'refused';
  if (status === undefined || status >= 500 || status === 409 || status === 412) return undefined;
  return status === 400 ? 'refused' : 'done';
}
