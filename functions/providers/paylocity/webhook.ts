import { attributesOf } from '../../events/attributes.ts';
import { eventItem, ignored } from '../../events/event.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';

const KINDS: KindTable = { 'new-hire': 'upsert', 'employee-change': 'upsert', termination: 'suspend' };

/**
 * Paylocity's classic webhooks: New Hire, Employee Change, Termination, told apart by their addresses
 * (`/hooks/{source}/new-hire`). Of what comes only the two ids are dependable.
 * @see https://developer.paylocity.com/integrations/reference/webhooks
 */
export const webhook: WebhookProvider = {
  verifier: ({ header, verify }) =>
    header === undefined
      ? { kind: 'static-header', header: 'authorization', scheme: 'basic' }
      : { kind: 'static-header', header, scheme: verify === 'bearer' ? 'bearer' : 'raw' },
  format: 'json',
  read: ({ body, subtype, settings }) => {
    const kind = kindOf(settings, subtype, KINDS);
    if (subtype === undefined || kind === undefined) return [ignored(subtype)];
    const [company, employee] = [body.text('companyId'), body.text('employeeId')];
    const email = body.text('workEmail') ?? body.text('employeeWorkEMailAddress');
    return [
      eventItem({
        kind,
        type: subtype,
        subject: compact({
          id: company === undefined || employee === undefined ? undefined : `${company}/${employee}`,
          userName: email,
          email,
        }),
        ...compact({
          person:
            kind === 'upsert'
              ? attributesOf({
                  userName: email,
                  email,
                  givenName: body.text('employeeFirstName'),
                  familyName: body.text('employeeLastName'),
                  employeeNumber: employee,
                })
              : undefined,
        }),
        completeness: email === undefined ? 'thin' : 'partial',
      }),
    ];
  },
};
