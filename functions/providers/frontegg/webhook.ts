import { attributesOf, guessName } from '../../events/attributes.ts';
import { eventItem, ignored } from '../../events/event.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';

const KINDS: KindTable = {
  'frontegg.user.created': 'upsert',
  'frontegg.user.updated': 'upsert',
  'frontegg.user.activated': 'resume',
  'frontegg.user.invitedToTenant': 'assign',
  'frontegg.user.removedFromTenant': 'unassign',
  'frontegg.user.deleted': 'remove',
  'frontegg.scim.user.created': 'upsert',
  'frontegg.scim.user.updated': 'upsert',
  'frontegg.scim.user.deleted': 'remove',
};

const HEADER = 'x-webhook-secret';

/**
 * Frontegg: whole users. Its header holds the secret itself or, as its documentation says, a token signed with it; both
 * are taken, and neither says anything about the body.
 * @see https://docs.frontegg.com/docs/webhooks
 */
export const webhook: WebhookProvider = {
  verifier: () => ({
    kind: 'any-of',
    verifiers: [
      { kind: 'static-header', header: HEADER, scheme: 'raw' },
      {
        kind: 'jwt',
        header: HEADER,
        scheme: 'raw',
        keys: { secret: true },
        algorithms: ['HS256'],
        requireExp: false,
      },
    ],
  }),
  format: 'json',
  read: ({ body, settings }) => {
    const type = body.text('eventKey');
    const kind = kindOf(settings, type, KINDS);
    if (type === undefined || kind === undefined) return [ignored(type)];
    const user = body.at('user');
    const email = user.text('email');
    const name = user.text('name');
    return [
      eventItem({
        kind,
        type,
        subject: compact({ id: user.text('id') ?? body.text('eventContext.userId'), userName: email, email }),
        guess: attributesOf(guessName(name)),
        ...compact({
          person:
            kind === 'upsert' || kind === 'assign'
              ? attributesOf({
                  userName: email,
                  email,
                  displayName: name,
                  phone: user.text('phoneNumber'),
                  active: kind === 'assign' ? undefined : activeOf(user.flag('isLocked'), settings.onLock),
                })
              : undefined,
        }),
        completeness: 'full',
      }),
    ];
  },
};

/** Wrong passwords lock an account: no leaving, unless the configuration says so. */
function activeOf(
  isLocked: boolean | undefined,
  onLock: 'ignore' | 'suspend' = 'ignore',
): boolean | undefined {
  if (isLocked === undefined) return undefined;
  if (isLocked) return onLock === 'suspend' ? false : undefined;
  return true;
}
