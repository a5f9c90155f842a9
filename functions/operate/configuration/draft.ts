import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import type { Directory } from '../../directory/directory.ts';
import { type DocumentForm, readToChange } from '../../directory/documents.ts';
import type { Condition } from '../../directory/table.ts';
import { noEffects } from '../../provision/forecast.ts';
import type { Services } from '../../provision/services.ts';
import { compact } from '../../runtime/compact.ts';
import { once } from '../../runtime/once.ts';
import type { Configuration, TenantConfiguration } from '../../tenant/configuration.ts';
import type { Actor } from '../audit.ts';
import { OperateError } from '../errors.ts';
import { tenantDigest } from './saved-plan.ts';

/**
 * A changed mapping that waits to be activated, with what is planned so far: everybody is looked at in steps, each within
 * a request, so that a plan of 100,000 people is made while an operator looks on. Kept for a day.
 */
const draftSchema = once(() => {
  const counts = z.record(z.string(), z.number());
  return z.object({
    /** The tenant as it would be, packed. */
    packed: z.string(),
    /** SHA-256 of it, as `plan --save` has it. */
    configuration: z.string(),
    /** The generation that was active. */
    after: z.number(),
    /** The generation whose mapping is brought back. */
    restores: z.optional(z.number()),
    by: z.string(),
    /** ISO 8601: when planning began. */
    at: z.string(),
    total: z.number(),
    looked: z.number(),
    isDone: z.boolean(),
    /** Where looking goes on. */
    next: z.optional(z.string()),
    effects: counts,
    /** By `effect reason`, by field, and by rule. */
    reasons: counts,
    fields: counts,
    rules: counts,
    /** Changes are not known by field. */
    isBeforeUnknown: z.boolean(),
    /** Some of each effect. */
    examples: z.array(
      z.object({ id: z.string(), userName: z.string(), effect: z.string(), words: z.string() }),
    ),
    /** Each person that would be changed, packed; absent once they are more than are kept. */
    persons: z.optional(z.string()),
  });
});
export type StoredDraft = z.output<ReturnType<typeof draftSchema>>;

/** A draft with what of it is packed. */
export interface Draft extends Omit<StoredDraft, 'packed' | 'persons'> {
  readonly id: string;
  readonly tenant: TenantConfiguration;
}

const KEPT_SECONDS = 86_400;
/** An item of DynamoDB has 400 KB, and the rest of the draft some. */
const MOST_PACKED = 150_000;

const formOf = (id: string): DocumentForm<StoredDraft | undefined> => ({
  name: `draft ${id}`,
  parse: (stored) => (stored === undefined ? undefined : draftSchema().parse(stored)),
});

export const packed = (value: unknown): string => gzipSync(JSON.stringify(value)).toString('base64');
export const unpacked = (text: string): unknown =>
  JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString('utf8'));

/**
 * Keeps a changed mapping to be planned. The same one after the same generation is the same draft, whichever operator makes it.
 *
 * @param active what the active generation holds
 * @throws OperateError where nothing differs, or the mapping is too large
 */
export async function keepDraft(
  { directory, clock }: Pick<Services, 'directory' | 'clock'>,
  name: string,
  {
    tenant,
    active,
    after,
    restores,
    actor,
  }: {
    readonly tenant: TenantConfiguration;
    readonly active: Configuration;
    readonly after: number;
    readonly restores?: number | undefined;
    readonly actor: Actor;
  },
): Promise<string> {
  const before = active.tenants[name];
  const configuration = tenantDigest(name, tenant);
  if (before !== undefined && configuration === tenantDigest(name, before)) {
    throw new OperateError('invalid', `Nothing differs from generation ${after}, which is active.`);
  }
  const whole = packed(tenant);
  if (whole.length > MOST_PACKED) {
    throw new OperateError('invalid', 'The mapping is larger than a browser changes it; use push.');
  }
  const id = `${configuration.slice(0, 16)}-${after}`;
  const body: StoredDraft = {
    packed: whole,
    configuration,
    after,
    ...compact({ restores }),
    by: actor.by,
    at: new Date(clock.now()).toISOString(),
    total: await directory.countPersons(name),
    looked: 0,
    isDone: false,
    effects: noEffects(),
    reasons: {},
    fields: {},
    rules: {},
    isBeforeUnknown: false,
    examples: [],
    persons: packed({}),
  };
  await directory.writeDocument(name, formOf(id).name, body, undefined, expiry(clock.now()));
  return id;
}

const expiry = (now: number) => Math.ceil(now / 1_000) + KEPT_SECONDS;

/** @throws OperateError for a draft that isn't there any more */
export async function readDraft(
  directory: Pick<Directory, 'readDocument'>,
  name: string,
  id: string,
): Promise<{ readonly stored: StoredDraft; readonly draft: Draft; readonly condition: Condition }> {
  const { body: stored, condition } = await readToChange(directory, name, formOf(id));
  if (stored === undefined) {
    throw new OperateError(
      'invalid',
      'There is no such plan, or it is older than a day; check the change again.',
    );
  }
  const { packed: whole, persons: _, ...rest } = stored;
  return { stored, draft: { ...rest, id, tenant: unpacked(whole) as TenantConfiguration }, condition };
}

/** False where another request has gone on with it meanwhile. */
export async function writeDraft(
  { directory, clock }: Pick<Services, 'directory' | 'clock'>,
  name: string,
  id: string,
  stored: StoredDraft,
  condition: Condition,
): Promise<boolean> {
  const written = await directory.writeDocument(
    name,
    formOf(id).name,
    stored,
    condition,
    expiry(clock.now()),
  );
  return written.ok;
}
