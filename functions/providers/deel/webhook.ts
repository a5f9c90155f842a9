import { attributesOf, guessName } from '../../events/attributes.ts';
import { eventItem, ignored } from '../../events/event.ts';
import { isoOf, timeOf } from '../../events/instant.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';
import type { HmacDescriptor } from '../../webhook/verify/hmac-descriptor.ts';

/** The signed text is the word POST and then the body. @see https://developer.deel.com/docs/webhooks-security */
export const DEEL: HmacDescriptor = {
  algorithm: 'sha256',
  signature: { header: 'x-deel-signature', format: 'bare', encoding: 'hex' },
  key: { encoding: 'utf8' },
  content: '{method}{body}',
};

const KINDS: KindTable = {
  'employee-created-direct': 'upsert',
  'contract.created': 'upsert',
  'contract.signed': 'upsert',
  'contract.terminated': 'suspend',
};

/** Deel: a list of resources whose form depends on the event; who it is is in the worker or in the resource itself. */
export const webhook: WebhookProvider = {
  verifier: () => ({ kind: 'hmac', descriptor: DEEL }),
  format: 'json',
  read: ({ body, settings }) => {
    const type = body.text('data.meta.event_type');
    const kind = kindOf(settings, type, KINDS);
    if (type === undefined || kind === undefined) return [ignored(type)];
    if (body.flag('data.meta.is_simulation') === true) return [ignored(`${type} as a simulation`)];
    const occurredAt = isoOf(body.text('timestamp'));
    return body.list('data.resource').map((resource) => {
      const worker = resource.has('worker') ? resource.at('worker') : resource;
      const email = worker.text('work_email') ?? worker.text('email') ?? resource.text('worker_email');
      const name = worker.text('full_name') ?? worker.text('name');
      const effectiveAt =
        kind === 'suspend'
          ? timeOf(resource.text('termination_date') ?? resource.text('end_date'))
          : undefined;
      return eventItem({
        kind,
        type,
        subject: compact({ id: worker.text('id') ?? resource.text('id'), userName: email, email }),
        guess: attributesOf(guessName(name)),
        ...compact({
          person:
            kind === 'upsert' && email !== undefined
              ? attributesOf({
                  userName: email,
                  email,
                  givenName: worker.text('first_name'),
                  familyName: worker.text('last_name'),
                  displayName: name,
                  title: resource.text('job_title'),
                })
              : undefined,
        }),
        completeness: 'partial',
        ...compact({ occurredAt, effectiveAt }),
      });
    });
  },
};
