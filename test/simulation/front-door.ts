import { PRIORITY } from '../../functions/directory/record.ts';
import { type Accepted, accept } from '../../functions/provision/accept.ts';
import type { Person } from '../../functions/scim-core/person.ts';
import { GROUPS, type GroupName } from './person-model.ts';
import { eventOf, NO_REPLY, type Reply, type ScimCall, TENANT } from './scim-call.ts';
import type { Simulation } from './simulation.ts';

const TIMEOUT_MS = 29_000;

/** The way in, for identity providers and for files: a function on some machine, which may never answer. */
export class FrontDoor {
  readonly #simulation: Simulation;
  readonly #groupIds = new Map<GroupName, string>();

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  get groupIds(): ReadonlyMap<GroupName, string> {
    return this.#groupIds;
  }

  async send(call: ScimCall): Promise<Reply> {
    const { platform, trace } = this.#simulation;
    const query = call.query === undefined ? '' : `?${decodeURIComponent(call.query)}`;
    const what = `${call.method} ${call.tenant ?? ''}${call.path}${query}`;
    trace.note('provider', () => `${what} ${JSON.stringify(call.body ?? '')}`);
    const ended = await platform.invoke('scim', TIMEOUT_MS, (host, context) =>
      host.scim(eventOf(call), context),
    );
    if (ended.ended !== 'answered') {
      trace.note('provider', () => `${what} → no answer: ${ended.ended}`);
      return NO_REPLY;
    }
    const { statusCode, body } = ended.value;
    trace.note('provider', () => `${what} → ${statusCode} ${body?.slice(0, 200) ?? ''}`);
    const reply = { status: statusCode, body: body ? JSON.parse(body) : {} };
    this.#simulation.joiners?.replied(call, reply);
    return reply;
  }

  /** Hands a new person in from a file, as back-fill; undefined when nobody knows what became of it. */
  async import(person: Person): Promise<Accepted | undefined> {
    const { platform, trace } = this.#simulation;
    trace.note('file', () => `${person.userName} is imported`);
    const ended = await platform.invoke('scim', TIMEOUT_MS, ({ services }) =>
      accept(TENANT, services, { person, source: 'file', priority: PRIORITY.backfill }),
    );
    const arrived = ended.ended === 'answered' ? ended.value : undefined;
    trace.note('file', () => `${person.userName} → ${arrived?.outcome ?? ended.ended}`);
    return arrived;
  }

  /** The groups that the rules look at. */
  async makeGroups(): Promise<void> {
    const { directory, time } = this.#simulation;
    const now = new Date(time.now()).toISOString();
    for (const [at, displayName] of GROUPS.entries()) {
      const id = `group-${at}`;
      await directory.createGroup({
        tenant: TENANT,
        id,
        version: 1,
        groupVersion: 1,
        createdAt: now,
        updatedAt: now,
        group: { displayName },
      });
      this.#groupIds.set(displayName, id);
    }
  }
}
