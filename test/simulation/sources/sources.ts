import type { Directory } from '../../../functions/directory/directory.ts';
import { pendingBodyOf } from '../../../functions/events/pending.ts';
import type { Transport } from '../../../functions/runtime/transport.ts';
import type { ReadingKind } from '../../../functions/sources/sync/state.ts';
import type { TenantConfiguration } from '../../../functions/tenant/configuration.ts';
import { EVENING, MORNING } from '../day.ts';
import type { Dice } from '../dice.ts';
import type { Story } from '../identity-provider.ts';
import type { Installation } from '../installation.ts';
import type { Machine } from '../machine.ts';
import type { Platform } from '../platform.ts';
import { TENANT } from '../scim-call.ts';
import type { Trace } from '../trace.ts';
import type { VirtualTime } from '../virtual-time.ts';
import { Account, mayHold } from './account.ts';
import { troubleOf } from './api-troubles.ts';
import { Courier } from './courier.ts';
import { hrFile } from './hr-file.ts';
import { okta } from './okta.ts';
import { reach } from './reach.ts';
import { Readings } from './readings.ts';
import { SIGN_UP_SECRET } from './sign-ups.ts';
import { type SourceStory, sourceStoryOf } from './story.ts';
import { Strangers } from './strangers.ts';
import { FILED, SIGN_UPS, SIGNED, type SourceVariety, UNSIGNED } from './variety.ts';
import type { Vendor } from './vendor.ts';
import { workOs } from './workos.ts';

const MINUTE_MS = 60_000;

interface SourcesOptions {
  readonly time: VirtualTime;
  readonly dice: Dice;
  readonly trace: Trace;
  readonly variety: SourceVariety;
  readonly platform: () => Platform<Installation>;
  /** As it truly is. */
  readonly directory: Directory;
  /** As it is configured at this moment. */
  readonly tenant: () => Promise<TenantConfiguration>;
}

/** The sources of a world beside SCIM: the same people's stories, each as the source has them. */
export class Sources {
  readonly #options: SourcesOptions;
  readonly #courier: Courier;
  readonly #readings: Readings;
  readonly #strangers: Strangers;
  readonly #vendors: readonly Vendor[];
  /** Each person's accounts, by source. */
  readonly #accounts = new Map<string, Map<Vendor, Account[]>>();
  /** Accounts about which something waits for an operator, as `source/id`. */
  #waiting = new Set<string>();

  constructor(options: SourcesOptions) {
    this.#options = options;
    const { time, dice, variety } = options;
    this.#courier = new Courier({ ...options, dice: dice.fork('courier') });
    this.#readings = new Readings(options);
    this.#strangers = new Strangers({ ...options, dice: dice.fork('strangers'), courier: this.#courier });
    const now = () => time.now();
    this.#vendors = [
      ...(variety.hasSigned ? [workOs(SIGNED, now)] : []),
      ...(variety.hasUnsigned ? [okta(UNSIGNED, now)] : []),
      ...(variety.file === undefined
        ? []
        : [hrFile(FILED, { time, dice: dice.fork('file'), ...variety.file })]),
    ];
  }

  /** What the tenant's secret holds of them. */
  get secrets(): Readonly<Record<string, readonly string[]>> {
    return Object.assign({ [SIGN_UPS]: [SIGN_UP_SECRET] }, ...this.#vendors.map(({ secrets }) => secrets));
  }

  /** The way to everything: to a source's API, or where all else goes. */
  reachedBy(machine: Machine, way: Transport): Transport {
    const { time, dice, variety } = this.#options;
    const breaks = () => (time.now() < EVENING ? variety.breaks : 0);
    const toVendors = reach({ machine, vendors: this.#vendors, dice: dice.fork(machine.name), breaks });
    return (request) => toVendors(request) ?? way(request);
  }

  /** Has the sources read for the first time, then tells the people's stories, as far as the sources know them. */
  async tell(stories: readonly Story[]): Promise<void> {
    const { dice, variety } = this.#options;
    const chance = dice.fork('stories');
    const told = this.#vendors.map((vendor) => {
      const known = stories.filter(() => chance.chance(variety.knows));
      return this.#begin(
        vendor,
        known.map((story) => sourceStoryOf(chance, story)),
      );
    });
    await Promise.all(told);
    if (variety.isReadByClock) this.#readings.start();
    this.#strangers.work(stories, () => this.#of(UNSIGNED));
    await Promise.all(told.map(async (begun) => Promise.all((await begun).map((story) => story()))));
  }

  /** Resolves when nothing that was sent is on its way any more. */
  async quiet(): Promise<void> {
    while (!this.#courier.isQuiet) await this.#options.time.sleep(10 * MINUTE_MS);
  }

  /** All sources are read once more, and nothing goes wrong any more. */
  async readForTheLastTime(): Promise<void> {
    const { time, variety } = this.#options;
    this.#waiting = new Set();
    for (const vendor of this.#vendors) {
      const { name } = vendor;
      await vendor.settle?.();
      const startedAt = time.now();
      await this.#readings.read(name, variety.lastReading, true);
      this.#told(vendor, startedAt, variety.lastReading);
    }
  }

  /**
   * Looks at what waits for an operator, who may decide either way.
   *
   * @returns what doesn't wait there and should
   */
  async look(): Promise<string[]> {
    const { events } = await this.#options.directory.unscheduledPendingEvents(TENANT, { limit: 1_000 });
    this.#waiting = new Set(
      events.map((pending) => {
        const { source, subject } = pendingBodyOf(pending).event;
        return `${source}/${subject.id}`;
      }),
    );
    const forgotten = [...this.#strangers.signedUp]
      .filter((id) => !this.#waiting.has(`${SIGN_UPS}/${id}`))
      .map((id) => `${id} signed up with the address of another person, and that waits for nobody's word`);
    return [...this.#courier.refused, ...forgotten];
  }

  /**
   * Whether sources may hold a person out of service, whether all of them may have the person in it, and whether one knows
   * the person at all.
   */
  mayHold(userName: string): { readonly out: boolean; readonly in: boolean; readonly isKnown: boolean } {
    const said = [...(this.#accounts.get(userName) ?? [])].map(([{ name }, accounts]) =>
      mayHold(accounts, ({ id }) => this.#waiting.has(`${name}/${id}`)),
    );
    return {
      out: said.some((each) => each.out),
      in: said.every((each) => each.in),
      isKnown: said.length > 0,
    };
  }

  /** Whether some source had the person out of service at some time until then. */
  haveLetGo(userName: string, at: number): boolean {
    const accounts = [...(this.#accounts.get(userName)?.values() ?? [])].flat();
    return accounts.some((account) => account.hasLeftBy(at));
  }

  /** Whom the source has before the product is there, and the rest of the stories. */
  async #begin(vendor: Vendor, stories: readonly SourceStory[]): Promise<(() => Promise<void>)[]> {
    const { time, dice, variety } = this.#options;
    const rest = stories.map(({ userName, turns }) => {
      const accounts: Account[] = [];
      const known = this.#accounts.get(userName) ?? new Map<Vendor, Account[]>();
      this.#accounts.set(userName, known.set(vendor, accounts));
      const [first, ...later] = turns;
      const isThere = first?.at === MORNING && first.turn.kind === 'join';
      if (isThere) this.#turn(vendor, accounts, first.turn);
      return { accounts, turns: isThere ? later : turns };
    });
    // Nothing is sent before the product is there.
    vendor.events();
    const startedAt = time.now();
    await this.#readings.read(vendor.name, 'initial');
    this.#told(vendor, startedAt, 'initial');
    troubleOf(vendor, {
      time,
      dice: dice.fork(`troubles of ${vendor.name}`),
      times: variety.troubles,
      ids: () => this.#of(vendor.name).map(([, { id }]) => id),
    });
    return rest.map(({ accounts, turns }) => async () => {
      for (const { at, turn } of turns) {
        // Of two things at one moment nothing tells which is the later one.
        await time.sleep(Math.max(1_000, at - time.now()));
        this.#turn(vendor, accounts, turn);
        this.#send(vendor, accounts);
      }
    });
  }

  #turn(vendor: Vendor, accounts: Account[], turn: SourceStory['turns'][number]['turn']): void {
    const account = accounts.at(-1);
    const now = this.#options.time.now();
    if (turn.kind === 'join') accounts.push(new Account(vendor.join(turn.joiner), now));
    else if (account === undefined) return;
    else if (turn.kind === 'move') vendor.move(account.id, turn.department);
    else {
      vendor[turn.kind](account.id);
      account.become(turn.kind === 'leave' ? 'out' : turn.kind === 'delete' ? 'gone' : 'in', now);
    }
  }

  #send(vendor: Vendor, accounts: readonly Account[]): void {
    for (const delivery of vendor.events()) {
      const account = accounts.find(({ id }) => id === delivery.account);
      this.#courier.send(vendor.name, delivery, (word) => account?.told(word));
    }
  }

  /** Every account of a source, with the person's user name. */
  #of(name: string): (readonly [string, Account])[] {
    return [...this.#accounts].flatMap(([userName, bySource]) =>
      [...bySource].flatMap(([vendor, accounts]) =>
        vendor.name === name ? accounts.map((account) => [userName, account] as const) : [],
      ),
    );
  }

  /** A reading that began then has come to its end. */
  #told(vendor: Vendor, startedAt: number, kind: ReadingKind): void {
    const answeredAt = this.#options.time.now();
    for (const [, account] of this.#of(vendor.name)) {
      // Who is out and isn't on the list has left by the id alone, which says nothing of a person who isn't known by it.
      const isWhole = kind === 'delta' || (vendor.lists?.(account.id) ?? true);
      account.told({ asOf: startedAt, leftAt: startedAt, answeredAt, isWhole });
    }
  }
}
