import type { PersonRecord } from '../../directory/record.ts';
import { noteFormer } from '../../provision/agent/former.ts';
import { hasAgent } from '../../provision/agent/presence.ts';
import { isLeased } from '../../provision/lifecycle.ts';
import type { Services } from '../../provision/services.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import { digestOf } from '../../reconcile/erase.ts';
import { eraseIgnored } from '../../reconcile/ignored.ts';
import { compact } from '../../runtime/compact.ts';
import { type Actor, recordAction } from '../audit.ts';
import { OperateError } from '../errors.ts';
import { assertCallsGoOn } from '../tenant/pause.ts';

/** What was erased of a person, and what is left where (GDPR Art. 17). Names the person by id and digest alone. */
export interface Receipt {
  readonly tenant: string;
  readonly id: string;
  /** The same for the same person: shows later that this person was here and is gone. */
  readonly digest: string;
  /** ISO 8601. */
  readonly erasedAt: string;
  readonly by: string;
  readonly erased: readonly string[];
  /** What is left, where, and for how long. */
  readonly remains: readonly string[];
}

/**
 * Erases a person at once, whatever the retention: the record with its links, names and memberships, and its history. With
 * `agent` the agent in SmartAssist first: without its answer nothing is erased, as nobody would know of the agent any more.
 *
 * @throws OperateError where the agent can't be deleted, also while calls are paused, or the record changes meanwhile
 */
export async function erasePerson(
  provisioning: TenantProvisioning,
  services: Services,
  record: PersonRecord,
  { agent: withAgent }: { readonly agent: boolean },
  actor: Actor,
): Promise<Receipt> {
  const { directory, clock } = services;
  const { tenant, id, agent } = record;
  if (isLeased(record, clock.now())) {
    throw new OperateError(
      'changed',
      'the person is being provisioned at this moment; nothing was erased, try again',
    );
  }
  // An attempt that died with its lease may have made an agent, too.
  const isUnknown = record.attempts.unknown || record.lease !== undefined;
  const isThere = hasAgent(record) || isUnknown;
  const isCalling = withAgent && isThere;
  if (isCalling) {
    await assertCallsGoOn(
      services,
      tenant,
      'nothing was erased; erase again after resume, or without the agent, which then stays in SmartAssist',
    );
  }
  const deleted = isCalling
    ? await (await import('./delete-agent.ts')).deleteAgent(provisioning, services, record, isUnknown)
    : undefined;
  const digest = digestOf(record);
  const groups = await directory.groupsOf(tenant, id);
  await directory.writeDocument(`${tenant}#erased`, digest, {
    ...compact({ deletedAt: record.deletedAt }),
    at: clock.now(),
  });
  if (deleted === undefined) await noteFormer(directory, record);
  const gone = await directory.erasePerson(deleted?.record ?? record);
  if (!gone.ok) {
    throw new OperateError(
      'changed',
      'the person was changed meanwhile; look again, and repeat what you have decided',
    );
  }
  const entries = await directory.eraseHistory(tenant, id);
  await eraseIgnored(directory, tenant, { person: id });
  const receipt: Receipt = {
    tenant,
    id,
    digest,
    erasedAt: new Date(clock.now()).toISOString(),
    by: actor.by,
    erased: [
      `the person with ${Object.keys(record.links ?? {}).length} links to sources`,
      `${groups.length} memberships`,
      `${entries} entries of history`,
      ...(deleted === undefined ? [] : [deleted.text]),
    ],
    remains: [
      ...(isThere && deleted === undefined
        ? [
            `SmartAssist: the agent ${agent.agentId ?? agent.customId}, as it was; no command deletes it any more, so delete it there (--agent deletes it with the person)`,
          ]
        : []),
      'the digest, and the id in the audit of 400 days',
      'refused requests that name the userName: 7 days',
      'log lines with the id: as long as the log groups keep them',
      'backups of the table: 35 days',
      'the identity provider: a person who is still there comes again with its next sync',
    ],
  };
  await recordAction(services, tenant, actor, 'erase', { persons: [id], digest, agent: withAgent });
  return receipt;
}
