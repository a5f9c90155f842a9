import { eventItem, gone, type Item, ignored, type PersonEvent } from '../../events/event.ts';
import { isoOf } from '../../events/instant.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import { readTime } from '../../runtime/time.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';
import type { HmacDescriptor } from '../../webhook/verify/hmac-descriptor.ts';
import { mergeEmployee } from './employee.ts';

/** @see https://docs.merge.dev/basics/webhooks/ */
export const MERGE: HmacDescriptor = {
  algorithm: 'sha256',
  signature: { header: 'x-merge-webhook-signature', format: 'bare', encoding: 'base64url' },
  key: { encoding: 'utf8' },
  content: '{body}',
};

const KINDS: KindTable = {
  'employee.created': 'upsert',
  'employee.added': 'upsert',
  'employee.changed': 'upsert',
  'employee.updated': 'upsert',
  'employee.removed': 'remove',
  'employee.deleted': 'remove',
};

/** Merge's common model of an employee: the whole of it, with the last day among its fields. */
export const webhook: WebhookProvider = {
  verifier: () => ({ kind: 'hmac', descriptor: MERGE }),
  format: 'json',
  read: ({ body, settings }) => {
    // Both spellings are in Merge's own documentation.
    const type = body.text('hook.event')?.toLowerCase();
    if (type === 'linkedaccount.deleted' || type === 'linked_account.deleted') return [gone(type)];
    const kind = kindOf(settings, type, KINDS);
    if (type === undefined || kind === undefined) return [ignored(type)];
    const employee = body.at('data');
    const { userName, email, status, isDeleted, joinsAt, leavesAt, person } = mergeEmployee(employee);
    const occurredAt = isoOf(employee.text('modified_at'));
    const common = {
      type,
      subject: compact({ id: employee.text('id'), userName, email }),
      completeness: 'full',
      ...compact({ occurredAt }),
    } satisfies Partial<PersonEvent>;
    const items: Item[] = [
      eventItem({
        ...common,
        kind,
        ...(kind === 'remove'
          ? {}
          : {
              person,
              ...compact({
                effectiveAt:
                  status === 'PENDING' && !isDeleted && joinsAt !== undefined ? joinsAt : undefined,
              }),
            }),
      }),
    ];
    // Still there, with a last day that is ahead; one from before is that of an earlier employment.
    const isAhead = leavesAt !== undefined && isFrom(leavesAt, occurredAt);
    if (kind === 'upsert' && status === 'ACTIVE' && !isDeleted && isAhead) {
      const key = `leave/${employee.text('id')}/${leavesAt}`;
      items.push(eventItem({ ...common, kind: 'suspend', effectiveAt: leavesAt, key }));
    }
    return items;
  },
};

/** Whether a last day is the one on which the change was made, or a later one; what can't be read is taken for that. */
function isFrom(leavesAt: string, occurredAt: string | undefined): boolean {
  if (readTime(leavesAt) === undefined) return true;
  return occurredAt !== undefined && leavesAt.slice(0, 10) >= occurredAt.slice(0, 10);
}
