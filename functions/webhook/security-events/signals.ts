import { eventItem, type Item, ignored, type PersonEvent } from '../../events/event.ts';
import type { JsonView } from '../../events/json-view.ts';
import { compact } from '../../runtime/compact.ts';
import type { Delivery } from '../provider.ts';
import type { Around } from './scim.ts';

type Read = (payload: JsonView, around: Around, settings: Delivery['settings']) => readonly Item[];

const account =
  (kind: PersonEvent['kind']): Read =>
  (_, { uri, named, occurredAt, key }) => [
    eventItem({
      kind,
      type: uri,
      subject: named.subject,
      completeness: 'partial',
      ...compact({ occurredAt, key }),
    }),
  ];

/** SmartAssist can't end a session, so what there is to do is to look whether the person is still in service. */
const lookAgain: Read = (_, { uri, named, occurredAt, key }, { fetch }) =>
  fetch === undefined
    ? [ignored(uri)]
    : [
        eventItem({
          kind: 'upsert',
          type: uri,
          subject: named.subject,
          completeness: 'thin',
          ...compact({ occurredAt, key }),
        }),
      ];

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type/';
const SSF = 'https://schemas.openid.net/secevent/ssf/event-type/';

/**
 * Shared signals: CAEP and RISC events about accounts, and what a transmitter says about its stream.
 * @see https://openid.net/specs/openid-sharedsignals-framework-1_0-final.html
 */
export const SIGNALS: Readonly<Record<string, Read>> = {
  [`${CAEP}session-revoked`]: lookAgain,
  [`${CAEP}credential-change`]: lookAgain,
  [`${RISC}account-disabled`]: account('suspend'),
  [`${RISC}account-enabled`]: account('resume'),
  [`${RISC}account-purged`]: account('remove'),
  [`${SSF}verification`]: (payload, { uri }) => [
    { kind: 'notice', type: uri, detail: payload.text('state') ?? 'verified', isAlarming: false },
  ],
  [`${SSF}stream-updated`]: (payload, { uri }) => {
    const status = payload.text('status') ?? 'unknown';
    const reason = payload.text('reason');
    const detail = reason === undefined ? status : `${status}: ${reason.slice(0, 200)}`;
    return [{ kind: 'notice', type: uri, detail, isAlarming: status !== 'enabled' }];
  },
};
