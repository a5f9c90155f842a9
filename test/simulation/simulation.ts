import { createHash } from 'node:crypto';
import { openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import { openSqliteTable } from '../../functions/directory/sqlite/table.ts';
import type { Table } from '../../functions/directory/table.ts';
import { writeProbe } from '../../functions/provision/agent/probe-record.ts';
import { accountOf } from '../../functions/provision/tenant.ts';
import type { Configuration, TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { activate, readActive, readContent } from '../../functions/tenant/generation/store.ts';
import type { BehaviourInput } from '../../local/simulator/behaviour.ts';
import type { Simulator } from '../../local/simulator/interface.ts';
import { createSimulator } from '../../local/simulator/simulator.ts';
import { Audit } from './audit.ts';
import { JoinerWatch } from './beside/joiners.ts';
import { BESIDE, configuredAs, secretOf } from './beside/neighbour.ts';
import { EVENING, MORNING } from './day.ts';
import { type Dice, dice as diceOf } from './dice.ts';
import { Doorbell } from './doorbell.ts';
import { type Installation, install } from './installation.ts';
import { KeptItems } from './months/kept.ts';
import { network } from './network.ts';
import { Platform } from './platform.ts';
import { Configurations } from './releases/configurations.ts';
import { GenerationOrder } from './releases/order.ts';
import { versionAt } from './releases/rollout.ts';
import type { Sabotage } from './sabotage.ts';
import { SCIM_TOKEN, TENANT } from './scim-call.ts';
import { SeatWatch } from './seats/seats.ts';
import { laggingIndex } from './services/lagging-index.ts';
import { duringOutages } from './services/outages.ts';
import { RetryAfterWatch } from './services/retry-after.ts';
import { providers } from './sources/providers.ts';
import { Sources } from './sources/sources.ts';
import { keptTrace, noTrace, type Trace } from './trace.ts';
import { standingStill, unreliableTable } from './unreliable-table.ts';
import { type Variety, varietyOf } from './variety.ts';
import { VirtualTime } from './virtual-time.ts';
import { CALM, type Weather } from './weather.ts';
import { Witness } from './witness.ts';

const ADMIN = { clientId: 'cs-admin', clientSecret: 'client secret of the admin app' };

export interface SimulationOptions {
  readonly seed: number;
  readonly traced?: boolean;
  /** Changes what the seed would choose. */
  readonly vary?: (variety: Variety) => Variety;
  /** Breaks something on purpose, on each machine. */
  readonly sabotage?: Sabotage;
}

/** One simulated world: the product on its machines, SmartAssist, and time, all made from one seed. */
export class Simulation {
  readonly seed: number;
  readonly dice: Dice;
  readonly variety: Variety;
  readonly time: VirtualTime;
  readonly trace: Trace;
  readonly witness: Witness;
  readonly simulator: Simulator;
  readonly platform: Platform<Installation>;
  readonly doorbell: Doorbell<Installation>;
  readonly doorbellBeside: Doorbell<Installation>;
  /** Where nothing fails, so that joiners have an agent in time. */
  readonly joiners: JoinerWatch | undefined;
  readonly audit: Audit;
  /** The sources of the people beside SCIM, in a world that has them. */
  readonly sources: Sources | undefined;
  /** The directory as it truly is: nothing fails and nothing takes time. */
  readonly directory: ReturnType<typeof openDirectory>;
  readonly #behaviour: BehaviourInput;
  readonly configurations: Configurations;
  /** Generations as they were activated. */
  readonly order: GenerationOrder;
  readonly kept = new KeptItems();
  readonly #known = new Map<string, Configuration>();
  readonly #closeTable: () => void;
  #secrets: { readonly inStore: string; readonly good: readonly string[] } = {
    inStore: 'key-of-cs-1 one',
    good: ['key-of-cs-1 one'],
  };

  constructor({ seed, traced = false, vary = (variety) => variety, sabotage = {} }: SimulationOptions) {
    this.seed = seed;
    this.dice = diceOf(seed);
    this.variety = vary(varietyOf(this.dice.fork('variety')));
    const { variety, dice } = this;
    const { tenant } = variety;
    this.time = new VirtualTime(MORNING, dice.fork('ties').next);
    const { time } = this;
    this.trace = traced ? keptTrace(() => time.now()) : noTrace;
    this.witness = new Witness({
      now: () => time.now(),
      trace: this.trace,
      callsPerMinute: tenant.smartassist.callsPerMinute,
      keepsAddresses: variety.emailChanges.emailChange === 'ignored',
    });
    this.#behaviour = variety.behaviour;
    this.simulator = createSimulator({
      clock: time,
      random: dice.fork('SmartAssist').next,
      credentials: () => this.#secrets.good.map((clientSecret) => ({ clientId: 'cs-1', clientSecret })),
      admin: () => [ADMIN],
      profile: tenant.smartassist.profile,
      behaviour: { ...this.#behaviour, faults: this.weather.faults },
      store: this.witness.store(),
    });
    const { neighbour } = variety;
    this.configurations = new Configurations(
      (isRemapped) => this.#configured(isRemapped),
      (own) => (neighbour === undefined ? {} : { [BESIDE]: configuredAs(neighbour, own) }),
    );
    this.order = new GenerationOrder(this.configurations, (rule) => this.witness.breaks(rule));
    this.witness.onWrite(({ id, role, hasNewRole }) => {
      if (hasNewRole) this.order.written(id, role);
    });
    this.audit = new Audit(this.witness);
    const opened = openTable(variety.table, time);
    this.#closeTable = opened.close;
    const table = this.kept.watch(this.order.watch(opened.table));
    this.directory = openDirectory(table, time);
    const reached = sabotage.table ?? ((reliable: Table) => reliable);
    const indexed = variety.indexLags ? laggingIndex(table, time, dice.fork('index')) : table;
    const { weather: usual, crowds, releases } = variety;
    const { seats } = tenant;
    if (seats !== undefined) {
      const watch = new SeatWatch({
        seats,
        agents: () => this.witness.agents,
        breaks: (rule) => this.witness.breaks(rule),
      });
      this.witness.onWrite((agent) => watch.written(agent));
    }
    const isInTime = seats === undefined && usual === CALM && crowds === 0 && releases.rollout === undefined;
    const { callsPerMinute } = tenant.smartassist;
    const joiners =
      isInTime && typeof callsPerMinute === 'number'
        ? new JoinerWatch({
            now: () => time.now(),
            breaks: (rule) => this.witness.breaks(rule),
            callsPerMinute,
          })
        : undefined;
    this.joiners = joiners;
    if (joiners !== undefined) this.witness.onWrite((agent) => joiners.written(agent));
    this.sources =
      variety.sources &&
      new Sources({
        time,
        dice: dice.fork('sources'),
        trace: this.trace,
        variety: variety.sources,
        platform: () => this.platform,
        directory: this.directory,
        tenant: () => this.tenant(),
      });
    const chance = dice.fork('machines');
    const late = dice.fork('late');
    const retryAfter = new RetryAfterWatch(
      () => time.now(),
      (rule) => this.witness.breaks(rule),
    );
    this.platform = new Platform({
      premises: {
        time,
        dice: chance,
        trace: this.trace,
        deathRate: () => this.weather.functionDies,
        freezeRate: () => this.weather.machineFreezes,
        freezeDice: dice.fork('freezes'),
      },
      dice: chance,
      isOneMachine: variety.isOneMachine,
      version: (kind) => versionAt(variety.releases.rollout, kind, this.time.now() - MORNING, chance),
      build: (machine, version) => {
        const weather = () => this.weather;
        const { simulator, witness } = this;
        const toSmartAssist = network({
          machine,
          simulator,
          witness,
          retryAfter,
          joiners,
          dice: chance,
          lateDice: late,
          time,
          weather,
        });
        const way = this.sources?.reachedBy(machine, toSmartAssist) ?? toSmartAssist;
        return install({
          adapt: (pushed) => this.#once(pushed),
          version,
          bundled: () => this.#once(this.configurations.make(this.configurations.first())),
          machine,
          table: reached(unreliableTable(indexed, machine, chance, weather)),
          transport: sabotage.transport?.(way) ?? way,
          dice: chance,
          weather,
          trace: this.trace,
          secrets: sabotage.secrets,
          breaks: (rule) => witness.breaks(rule),
          pageSize: variety.pageSize,
          secret: (name) => this.#secret(name),
          ring: (tenant) => (tenant === BESIDE ? this.doorbellBeside : this.doorbell).ring(),
          providers: sabotage.providers?.(providers) ?? providers,
          hasSources: this.sources !== undefined,
        });
      },
    });
    this.doorbell = this.#bell(TENANT, 'doorbell');
    this.doorbellBeside = this.#bell(BESIDE, 'doorbell beside');
  }

  /** The first rules are pushed, after a probe of the account if there was one. */
  async begin(): Promise<void> {
    const { emailChange, isProbed } = this.variety.emailChanges;
    if (isProbed) {
      const at = new Date(this.time.now()).toISOString();
      await writeProbe(this.directory, accountOf(this.#configured(false)), { at, emailChange });
    }
    const configuration = this.configurations.make(this.configurations.first());
    const terms = { now: this.time.now(), by: 'administrator', isDeployment: false };
    await activate(this.directory, configuration, { ...terms, after: undefined });
  }

  /** The tenant as the active generation has it. */
  async tenant(): Promise<TenantConfiguration> {
    const active = await readActive(this.directory);
    const tenant = active && (await readContent(this.directory, active.entry)).tenants[TENANT];
    if (tenant === undefined) throw new Error('no configuration is active');
    return tenant;
  }

  #configured(isRemapped: boolean): TenantConfiguration {
    const { smartassist, ...rest } = (isRemapped ? this.variety.remapped : undefined) ?? this.variety.tenant;
    const { streamId, accountId } = this.simulator;
    return { ...rest, smartassist: { ...smartassist, streamId, accountId } };
  }

  /** One configuration for all machines of a time: what is compiled of it is compiled once. */
  #once(pushed: Configuration): Configuration {
    const text = JSON.stringify(pushed);
    const known = this.#known.get(text) ?? pushed;
    this.#known.set(text, known);
    return known;
  }

  /** In the evening all faults stop. */
  get weather(): Weather {
    const now = this.time.now();
    if (now >= EVENING) return CALM;
    return duringOutages(this.variety.weather, this.variety.outages, now - MORNING);
  }

  /** SmartAssist lets the product do so many calls: fewer while others use them up. */
  limitTo(callsPerMinute: number): void {
    this.simulator.setBehaviour({ ...this.#behaviour, faults: this.weather.faults, callsPerMinute });
  }

  /** Which client secret Secrets Manager has, and which SmartAssist takes. */
  rotateTo(secrets: { readonly inStore: string; readonly good: readonly string[] }): void {
    this.trace.note('world', `the secret in store is ${secrets.inStore}, good: ${secrets.good.join(', ')}`);
    this.#secrets = secrets;
  }

  get secrets(): { readonly inStore: string; readonly good: readonly string[] } {
    return this.#secrets;
  }

  close(): void {
    this.#closeTable();
  }

  #bell(tenant: string, purpose: string): Doorbell<Installation> {
    const { time, platform, dice } = this;
    return new Doorbell({ tenant, time, platform, dice: dice.fork(purpose), weather: () => this.weather });
  }

  #secret(name: string): ReturnType<typeof secretOf> {
    const { neighbour } = this.variety;
    const whole = {
      clientId: 'cs-1',
      clientSecret: this.#secrets.inStore,
      admin: ADMIN,
      sources: this.sources?.secrets ?? {},
      scimTokens: [`sha256:${createHash('sha256').update(SCIM_TOKEN).digest('hex')}`],
    };
    return neighbour !== undefined && name.includes(`/${BESIDE}/`)
      ? secretOf(neighbour, name.endsWith('/door') ? 'door' : 'smartassist', whole)
      : { text: JSON.stringify(whole) };
  }
}

function openTable(kind: Variety['table'], time: VirtualTime): { table: Table; close: () => void } {
  if (kind === 'memory') return { table: memoryTable(time), close() {} };
  const table = openSqliteTable(':memory:', time);
  return { table: standingStill(table, time), close: () => table.close() };
}
