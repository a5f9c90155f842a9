import { bad, eventItem, type Item, ignored } from '../../events/event.ts';
import { isoOf, timeOf } from '../../events/instant.ts';
import { type JsonView, jsonView } from '../../events/json-view.ts';
import { kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import type { Delivery, WebhookProvider } from '../../webhook/provider.ts';

/** By the last word of the event's long name; others are changes. */
const KINDS = {
  Hire: 'upsert',
  Rehire: 'resume',
  Termination: 'suspend',
  Deletion: 'remove',
} as const;

/**
 * SAP SuccessFactors' event notifications and Intelligent Services: SOAP with the keys of what changed, and whether it
 * holds from a later day on.
 * @see https://community.sap.com/t5/enterprise-resource-planning-blogs-by-sap/sap-successfactors-intelligent-services-events/ba-p/13511417
 */
export const webhook: WebhookProvider = {
  verifier: ({ header = 'authorization', verify }) => ({
    kind: 'static-header',
    header,
    scheme: verify === 'bearer' ? 'bearer' : verify === 'header' ? 'raw' : 'basic',
  }),
  format: 'xml',
  statuses: { body: '' },
  read: ({ body, settings }) => {
    const event = body.at('Envelope.Body.ExternalEvent');
    if (!event.has('externalEventMeta')) return [bad('The body is no ExternalEvent.')];
    return listOf(event.at('events.event')).map((each) =>
      readEvent(event.at('externalEventMeta'), each, settings),
    );
  },
};

function readEvent(meta: JsonView, event: JsonView, settings: Delivery['settings']): Item {
  const type = meta.text('type');
  const last = type?.split('.').at(-1) ?? '';
  const kind = kindOf(
    settings,
    type,
    type === undefined ? {} : { [type]: KINDS[last as keyof typeof KINDS] ?? 'upsert' },
  );
  if (type === undefined || kind === undefined) return ignored(type);
  const keys = [...listOf(event.at('entityKeys.entityKey')), ...listOf(event.at('params.param'))];
  const of = (name: string) => keys.find((key) => key.text('name') === name)?.text('value');
  const id = of('userId') ?? of('personIdExternal');
  const isLater = meta.text('effective') === 'future';
  const [external, own] = [meta.text('externalEventId'), event.text('eventId')];
  return eventItem({
    kind,
    type,
    subject: compact({ id, userName: of('username'), email: of('email') }),
    completeness: 'thin',
    ...compact({
      occurredAt: isoOf(meta.text('publishedAt')),
      effectiveAt: isLater ? timeOf(event.text('effectiveStartDate')) : undefined,
      // The same one when it is posted again.
      key: external === undefined ? undefined : `${external}/${own ?? ''}`,
    }),
  });
}

/** XML doesn't tell one from a list of one. */
function listOf(payload: JsonView): JsonView[] {
  if (Array.isArray(payload.value)) return payload.value.map(jsonView);
  return payload.has('') ? [payload] : [];
}
