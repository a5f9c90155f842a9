import { attributesOf, guessName } from '../events/attributes.ts';
import { bad, type EventKind, eventItem, type Item, ignored, verified } from '../events/event.ts';
import { isoOf } from '../events/instant.ts';
import { type JsonView, jsonView } from '../events/json-view.ts';
import { compact } from '../runtime/compact.ts';
import type { Configuration } from '../tenant/configuration.ts';
import { ADMINISTRATION } from './administration.ts';
import type { IncomingItem } from './deliver-item.ts';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** A trigger of a user pool passes its event and wants it back. @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html */
export function isCognitoTrigger(event: unknown): event is object {
  const payload = jsonView(event);
  return payload.has('triggerSource') && payload.has('userPoolId');
}

/** A person who confirmed their sign-up; undefined for other triggers (a password that was reset) and other pools. */
export function readTrigger(event: object, configuration: Configuration): IncomingItem | undefined {
  const payload = jsonView(event);
  const type = payload.text('triggerSource');
  const found = sourceOf(configuration, payload.text('userPoolId'));
  if (type !== 'PostConfirmation_ConfirmSignUp' || found === undefined) return undefined;
  return { ...found, canFetch: false, item: personItem(type, payload, payload.at('request.userAttributes')) };
}

function personItem(type: string, event: JsonView, attributes: JsonView): Item {
  const email = attributes.text('email');
  // Names of attributes of a pool's own begin so, with a colon and no dots.
  const custom = attributes.value as Readonly<Record<string, unknown>> | undefined;
  const text = (name: string) => jsonView(custom?.[name]).text('');
  return eventItem({
    kind: 'upsert',
    type,
    subject: {
      // The sub is the same in triggers and in CloudTrail; a user name may be given anew, and may be an address.
      ...compact({ id: attributes.text('sub') ?? event.text('userName'), userName: email, email }),
      ...verified(attributes.flag('email_verified')),
    },
    guess: attributesOf(guessName(attributes.text('name'))),
    person: attributesOf({
      userName: email ?? text('preferred_username') ?? event.text('userName'),
      email,
      givenName: text('given_name'),
      familyName: text('family_name'),
      displayName: attributes.text('name'),
      phone: text('phone_number'),
      locale: attributes.text('locale'),
      timezone: attributes.text('zoneinfo'),
      department: text('custom:department'),
      active: true,
    }),
    completeness: 'full',
  });
}

/** What administrators do in a pool, which no trigger tells, as CloudTrail puts it on the bus of the account. */
export function readCloudTrail(event: unknown, configuration: Configuration): IncomingItem | undefined {
  const payload = jsonView(event);
  if (payload.text('source') !== 'aws.cognito-idp') return undefined;
  const detail = payload.at('detail');
  const found = sourceOf(configuration, detail.text('requestParameters.userPoolId'));
  if (found === undefined) return undefined;
  const type = detail.text('eventName');
  const kind = type !== undefined && Object.hasOwn(ADMINISTRATION, type) ? ADMINISTRATION[type] : undefined;
  const userName = detail.text('requestParameters.username') ?? '';
  // A user name of the form of a sub was chosen to be taken for one.
  const formerId = userName === '' || UUID.test(userName) ? undefined : userName;
  return {
    ...found,
    canFetch: false,
    item: administrationItem(type, kind, detail),
    ...compact({ formerId }),
  };
}

function administrationItem(type: string | undefined, kind: EventKind | undefined, detail: JsonView): Item {
  if (type === undefined || kind === undefined || detail.has('errorCode')) return ignored(type);
  const id = detail.text('additionalEventData.sub') ?? detail.text('requestParameters.username');
  // CloudTrail hides names that may be secrets.
  if (id === undefined || id.startsWith('HIDDEN_DUE_TO_SECURITY')) return bad(`${type} names nobody.`);
  return eventItem({
    kind,
    type,
    subject: { id },
    completeness: 'partial',
    ...compact({ occurredAt: isoOf(detail.text('eventTime')), key: detail.text('eventID') }),
  });
}

function sourceOf(
  { tenants }: Configuration,
  userPoolId: string | undefined,
): Pick<IncomingItem, 'tenant' | 'configuration' | 'source'> | undefined {
  if (userPoolId === undefined) return undefined;
  for (const [tenant, configuration] of Object.entries(tenants)) {
    const found = Object.entries(configuration.sources).find(
      ([, settings]) => settings.preset === 'cognito' && settings.userPoolId === userPoolId,
    );
    if (found !== undefined) return { tenant, configuration, source: found[0] };
  }
  return undefined;
}
