import { attributesOf } from '../../events/attributes.ts';
import { eventItem, ignored } from '../../events/event.ts';
import { dayOf, isoOf } from '../../events/instant.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';

const KINDS: KindTable = {
  employee_created: 'upsert',
  employee_updated: 'upsert',
  employee_invited: 'upsert',
  employee_unterminated: 'resume',
  employee_terminated: 'suspend',
};

/**
 * Factorial sends the employee and nothing else: which event it is stands nowhere in the request, so each type has an
 * address of its own, `/hooks/{source}/employee_created`.
 * @see https://apidoc.factorialhr.com/docs/webhooks
 */
export const webhook: WebhookProvider = {
  verifier: ({ header = 'x-factorial-wh-challenge' }) => ({ kind: 'static-header', header, scheme: 'raw' }),
  format: 'json',
  read: ({ body, subtype, settings }) => {
    const kind = kindOf(settings, subtype, KINDS);
    if (subtype === undefined || kind === undefined) return [ignored(subtype)];
    const email = body.text('email') ?? body.text('login_email');
    const leavesAt = dayOf(body.text('terminated_on'));
    return [
      eventItem({
        kind,
        type: subtype,
        subject: compact({ id: body.text('id'), userName: email, email }),
        ...compact({
          person:
            kind === 'upsert' || kind === 'resume'
              ? attributesOf({
                  userName: email,
                  email,
                  givenName: body.text('preferred_name') ?? body.text('first_name'),
                  familyName: body.text('last_name'),
                  displayName: body.text('full_name'),
                  phone: body.text('phone_number'),
                  active: body.flag('active'),
                })
              : undefined,
        }),
        completeness: 'full',
        ...compact({
          occurredAt: isoOf(body.text('updated_at')),
          effectiveAt: kind === 'suspend' && leavesAt !== undefined ? leavesAt : undefined,
        }),
      }),
    ];
  },
};
