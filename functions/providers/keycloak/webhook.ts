import { attributesOf } from '../../events/attributes.ts';
import { bad, eventItem, ignored, verified } from '../../events/event.ts';
import { isoOf } from '../../events/instant.ts';
import { type JsonView, jsonView } from '../../events/json-view.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';
import type { HmacDescriptor } from '../../webhook/verify/hmac-descriptor.ts';

/** @see https://github.com/p2-inc/keycloak-events */
export const KEYCLOAK: HmacDescriptor = {
  algorithm: 'sha256',
  signature: { header: 'x-keycloak-signature', format: 'bare', encoding: 'hex' },
  key: { encoding: 'utf8' },
  content: '{body}',
};

const KINDS: KindTable = {
  'access.REGISTER': 'upsert',
  'access.UPDATE_PROFILE': 'upsert',
  'access.DELETE_ACCOUNT': 'remove',
  'admin.USER-CREATE': 'upsert',
  'admin.USER-UPDATE': 'upsert',
  'admin.USER-DELETE': 'remove',
  'admin.GROUP-CREATE': 'upsert',
  'admin.GROUP-UPDATE': 'upsert',
  'admin.GROUP-DELETE': 'remove',
  'admin.GROUP_MEMBERSHIP-CREATE': 'assign',
  'admin.GROUP_MEMBERSHIP-DELETE': 'unassign',
};

/**
 * Keycloak with Phase Two's events extension: admin events with the user as a text of JSON, where the realm includes it;
 * account events with what the user typed. Signed over the body, or by a token that holds the body's digest.
 */
export const webhook: WebhookProvider = {
  verifier: ({ verify, jwksUri, issuer, audience, hmac }) =>
    verify === 'bearer' && jwksUri !== undefined
      ? {
          kind: 'jwt',
          header: 'authorization',
          scheme: 'bearer',
          keys: { jwksUri },
          algorithms: ['RS256', 'ES256', 'PS256'],
          ...compact({ issuer, audience }),
          requireExp: true,
          bodyHash: { claim: 'request_body_sha256', encoding: 'hex' },
        }
      : { kind: 'hmac', descriptor: { ...KEYCLOAK, algorithm: hmac?.algorithm ?? KEYCLOAK.algorithm } },
  format: 'json',
  read: ({ body, settings }) => {
    const type = body.text('type');
    const kind = kindOf(settings, type, KINDS);
    if (type === undefined || kind === undefined) return [ignored(type)];
    const [, id, , groupId] =
      /^users\/([^/]+)(\/groups\/([^/]+))?/.exec(body.text('resourcePath') ?? '') ?? [];
    const subjectId = type.startsWith('access.') ? body.text('authDetails.userId') : id;
    const representation = representationOf(body);
    if (representation === undefined)
      return [bad(`The representation of an event of type ${type} is not JSON.`)];
    const occurredAt = isoOf(body.number('time'));
    const key = body.text('uid');
    if (type.startsWith('admin.GROUP-')) {
      const [, id] = /^groups\/([^/]+)/.exec(body.text('resourcePath') ?? '') ?? [];
      if (id === undefined) return [bad(`An event of type ${type} names no group.`)];
      const does = kind === 'remove' ? 'delete' : 'rename';
      const group = { id, ...compact({ display: representation.text('name') }) };
      return [{ kind: 'group', change: { does, type, group, ...compact({ occurredAt, key }) } }];
    }
    const isGroup = type.startsWith('admin.GROUP_MEMBERSHIP');
    const account = body.at('details');
    const user = isGroup ? jsonView(undefined) : representation;
    const userName = user.text('username') ?? account.text('username');
    const email = user.text('email') ?? account.text('email') ?? account.text('updated_email');
    const isKnown = userName !== undefined || email !== undefined;
    const enabled = user.flag('enabled');
    // What an administrator's call leaves out stays as it is in Keycloak, and here; a switch alone is no profile.
    const isSwitch = kind === 'upsert' && !isKnown && enabled !== undefined;
    const isWhole = kind !== 'upsert' || (type === 'admin.USER-CREATE' && user.has('username'));
    return [
      eventItem({
        kind: isSwitch ? (enabled ? 'resume' : 'suspend') : kind,
        type,
        subject: { ...compact({ id: subjectId, userName, email }), ...verified(user.flag('emailVerified')) },
        ...compact({
          person:
            kind === 'upsert' && isKnown
              ? attributesOf({
                  userName,
                  email,
                  givenName:
                    user.text('firstName') ??
                    account.text('first_name') ??
                    account.text('updated_first_name'),
                  familyName:
                    user.text('lastName') ?? account.text('last_name') ?? account.text('updated_last_name'),
                  active: enabled,
                })
              : undefined,
          group:
            isGroup && groupId !== undefined
              ? { id: groupId, ...compact({ display: representation.text('name') }) }
              : undefined,
        }),
        completeness: isWhole ? 'full' : isKnown || isSwitch ? 'partial' : 'thin',
        ...compact({ occurredAt, key }),
      }),
    ];
  },
};

/** Undefined when the text isn't JSON; nothing in it when the realm doesn't include it. */
function representationOf(body: JsonView): JsonView | undefined {
  const text = body.text('representation');
  if (text === undefined) return jsonView(undefined);
  try {
    return jsonView(JSON.parse(text));
  } catch {
    return undefined;
  }
}
