import * as z from 'zod';
import type { Random } from '../../functions/runtime/clock.ts';
import { SCOPES } from './access.ts';
import { OPERATIONS, type Operation } from './route.ts';

const faultSchema = z.strictObject({
  /** The operation it befalls; absent or `*`: every call. */
  on: z.enum(['*', ...OPERATIONS]).optional(),
  /**
   * `status` answers that status, `drop-before` and `hang` give no answer, and none of the three applies the call.
   * `drop-after`, `hang-after` and `garbage` apply it first, so its outcome is unknown to the caller.
   */
  kind: z.enum(['status', 'drop-before', 'drop-after', 'hang', 'hang-after', 'garbage']),
  status: z.int().min(200).max(599).optional(),
  /** How often it still happens; absent: for ever. */
  times: z.int().min(0).optional(),
  probability: z.number().min(0).max(1).optional(),
});

/** Every key is optional; what is documented nowhere about SmartAssist is a key here, and not code. */
export const behaviourSchema = z.strictObject({
  callsPerMinute: z.int().min(0).default(60),
  /** The Admin APIs are counted apart, by the minute and by the hour. */
  adminCalls: z
    .strictObject({ perMinute: z.int().min(0).default(60), perHour: z.int().min(0).default(1_800) })
    .prefault({}),
  /** Scopes that the apps were not given. */
  withoutScopes: z.array(z.enum(SCOPES)).default([]),
  /** What a call is answered whose app lacks the scope. */
  missingScope: z
    .strictObject({
      status: z.int().min(400).max(599).default(403),
      message: z.string().default('The app does not have the scope for this API'),
    })
    .prefault({}),
  /** What the token of the other kind of app is answered. */
  wrongApp: z
    .strictObject({
      status: z.int().min(400).max(599).default(401),
      message: z.string().default('Invalid SDK credentials'),
      code: z.int().default(4002),
    })
    .prefault({}),
  latencyMs: z.int().min(0).default(0),
  /** Whether the answer to a create carries the agent's `id`: no published sample shows one. */
  returnsAgentId: z.boolean().default(false),
  /** What else the answer to a create carries that no published sample shows. */
  createdCarries: z.array(z.enum(['accountId', 'customId', 'status'])).default([]),
  /** The sample answers the number that was sent as a text of digits as a number. */
  createdPhoneNumber: z.enum(['number', 'text']).default('number'),
  /** Whether records carry `agentGroupId`: the published ones have `agentGroups` only. */
  recordsCarryAgentGroupId: z.boolean().default(false),
  /**
   * `array`: of whole records, as the sample has it. `object`: one agent found is answered bare, none is a 404. `ids`: the
   * agent's id, or an array of ids, as the note says.
   */
  customIdAnswer: z.enum(['array', 'object', 'ids']).default('array'),
  /** Elements of skills and queues in a single record: those of an update's answer, or those of the list of agents. */
  recordEntries: z.enum(['as-updated', 'as-listed']).default('as-updated'),
  /** A field beyond the 41 of an update's table. `taken` stores it, a presence included. */
  unlistedFields: z.enum(['refused', 'ignored', 'taken']).default('refused'),
  /** Which of the two counts where an update's `agentGroupId` isn't among its `agentGroups`. */
  decidingGroup: z.enum(['agentGroups', 'agentGroupId']).default('agentGroups'),
  /** Another `emailId` in an update. */
  emailChange: z.enum(['taken', 'refused', 'ignored']).default('taken'),
  /** Whether an agent needs a channel that is on: the screens ask for one, no page of the API does. */
  needsChannel: z.boolean().default(true),
  /**
   * Agents may opt out of a skill or queue, and no page says which field shows it. `sent`: an update without the flag in
   * an entry opts the agent in again; `always`: only the agent does.
   */
  optOut: z
    .strictObject({
      field: z.string().min(1).default('isOptedOut'),
      survives: z.enum(['sent', 'always']).default('sent'),
    })
    .prefault({}),
  /** The list for workforce management takes a limit, of which no page says how large it may be. */
  workforce: z.strictObject({ mostPerPage: z.int().min(1).default(1_000) }).prefault({}),
  /** What a page of the list of agents says about further pages: the samples contradict each other. */
  listFacts: z.enum(['true', 'contradicting', 'missing']).default('true'),
  /** What the app's "Enforce JTI" asks of a token. */
  jti: z.enum(['optional', 'required', 'single-use']).default('optional'),
  /**
   * Fields of the account's own that a create and an update take, whatever stands in them. No documentation has any; what
   * isn't here is refused.
   */
  customFields: z.array(z.string().min(1)).default([]),
  /** What becomes of an optional field that an update could have and leaves out: no documentation says so. */
  absentInUpdate: z.enum(['emptied', 'kept']).default('emptied'),
  duplicateEmail: z
    .strictObject({
      /** "Unique" says the documentation, and not what happens otherwise: false takes an address that is taken. */
      isRefused: z.boolean().default(true),
      status: z.int().min(400).max(599).default(409),
      message: z.string().default('An agent with this emailId already exists'),
    })
    .prefault({}),
  /** A Custom ID that another agent has: the look-up is said to find several. */
  duplicateCustomId: z
    .strictObject({
      isRefused: z.boolean().default(false),
      status: z.int().min(400).max(599).default(409),
      message: z.string().default('An agent with this customId already exists'),
    })
    .prefault({}),
  throttled: z
    .strictObject({
      status: z.int().min(200).max(599).default(429),
      /** Seconds, as the Retry-After header says them, of a fault with 429 too; null: no such header. */
      retryAfter: z.number().min(0).nullable().default(null),
    })
    .prefault({}),
  faults: z.array(faultSchema).default([]),
});

export type BehaviourInput = z.input<typeof behaviourSchema>;
export type Behaviour = z.output<typeof behaviourSchema>;
export type Fault = Behaviour['faults'][number];

/** The fault that befalls this call, if any: the first that matches and whose dice fall so. Counts its `times` down. */
export function takeFault(behaviour: Behaviour, operation: Operation, random: Random): Fault | undefined {
  for (const fault of behaviour.faults) {
    if (fault.on !== undefined && fault.on !== '*' && fault.on !== operation) continue;
    if (fault.times === 0) continue;
    if (fault.probability !== undefined && random() >= fault.probability) continue;
    if (fault.times !== undefined) fault.times -= 1;
    return fault;
  }
  return undefined;
}
