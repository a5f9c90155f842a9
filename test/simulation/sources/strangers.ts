import { EVENING, MORNING } from '../day.ts';
import type { Dice } from '../dice.ts';
import type { Story } from '../identity-provider.ts';
import { TENANT } from '../scim-call.ts';
import type { VirtualTime } from '../virtual-time.ts';
import type { Account } from './account.ts';
import type { Courier } from './courier.ts';
import { oktaDelivery } from './okta.ts';
import { signUp } from './sign-ups.ts';
import { SIGN_UPS, type SourceVariety, UNSIGNED } from './variety.ts';

const HOUR_MS = 60 * 60_000;

/** What is asked of the directory as it truly is. */
interface Known {
  findPerson(tenant: string, by: { attribute: 'userName'; value: string }): Promise<readonly unknown[]>;
}

/**
 * Senders who are not the source: they know the text in a header that an unsigned source sends, or an address that isn't
 * theirs. Nothing that they say may put a person out of service, or bring one back.
 */
export class Strangers {
  readonly #time: VirtualTime;
  readonly #dice: Dice;
  readonly #variety: SourceVariety;
  readonly #courier: Courier;
  readonly #directory: Known;
  /** Sign-ups that were answered with success, by the id of their account. */
  readonly #signedUp = new Set<string>();

  constructor(options: {
    readonly time: VirtualTime;
    readonly dice: Dice;
    readonly variety: SourceVariety;
    readonly courier: Courier;
    readonly directory: Known;
  }) {
    this.#time = options.time;
    this.#dice = options.dice;
    this.#variety = options.variety;
    this.#courier = options.courier;
    this.#directory = options.directory;
  }

  get signedUp(): ReadonlySet<string> {
    return this.#signedUp;
  }

  /** Says something now and then until the evening; `accounts` are those of the unsigned source at that time. */
  work(stories: readonly Story[], accounts: () => readonly (readonly [string, Account])[]): void {
    for (let number = 1; number <= this.#variety.falseWords; number += 1) {
      this.#sometimes(() => this.#sayFalsely(number, accounts()));
    }
    for (let number = 1; number <= this.#variety.signUps; number += 1) {
      this.#sometimes(() => void this.#signUp(number, this.#dice.pick(stories)));
    }
  }

  #sometimes(happen: () => void): void {
    this.#time.at(this.#dice.whole(MORNING + HOUR_MS, EVENING - HOUR_MS), happen);
  }

  #sayFalsely(number: number, accounts: readonly (readonly [string, Account])[]): void {
    if (accounts.length === 0) return;
    const [login, account] = this.#dice.pick(accounts);
    const [eventType, id] = this.#dice.pick([
      ['user.lifecycle.deactivate', account.id],
      ['user.lifecycle.suspend', account.id],
      ['user.lifecycle.delete.initiated', account.id],
      ['user.lifecycle.activate', account.id],
      ['user.account.update_profile', account.id],
      // An account that there isn't, with the name of one that there is.
      ['user.lifecycle.deactivate', `00u${String(number).padStart(17, '9')}`],
    ] as const);
    const alternateId = eventType.endsWith('update_profile') ? `other-${login}` : login;
    const delivery = oktaDelivery({
      uuid: `false-word-${number}`,
      published: new Date(this.#time.now()).toISOString(),
      eventType,
      outcome: { result: 'SUCCESS' },
      target: [{ id, type: 'User', alternateId, displayName: login, detailEntry: null }],
    });
    this.#courier.send(UNSIGNED, delivery, () => {});
  }

  /** Nobody is impersonated before they are known: then the account would be the first word of a new person. */
  async #signUp(number: number, { userName }: Story): Promise<void> {
    const known = await this.#directory.findPerson(TENANT, { attribute: 'userName', value: userName });
    if (known.length === 0) return;
    const delivery = signUp(number, userName, this.#time.now());
    this.#courier.send(SIGN_UPS, delivery, () => void this.#signedUp.add(delivery.account));
  }
}
