import { bad, eventItem, type Item, ignored, type PersonEvent } from '../../events/event.ts';
import { groupsIn } from '../../events/groups/in-user.ts';
import type { JsonView } from '../../events/json-view.ts';
import { compact } from '../../runtime/compact.ts';
import type { Named } from './subject.ts';

/** What the token around an event says. */
export interface Around {
  readonly uri: string;
  readonly named: Named;
  readonly occurredAt: string | undefined;
  readonly key: string | undefined;
}

type Read = (payload: JsonView, around: Around) => readonly Item[];

const person =
  (kind: PersonEvent['kind'], completeness: PersonEvent['completeness'] = 'partial'): Read =>
  (_, around) => [itemOf(around, { kind, completeness })];

/** The whole resource as it is now (`full`), or the names of what changed (`notice`): then it has to be read. */
const whole: Read = (payload, around) => {
  const data = payload.at('data');
  if (!data.has('')) return [bad(`${around.uri} has no data.`)];
  if (around.named.endpoint === 'Groups') return wholeGroup(data, around);
  const { subject } = around.named;
  const userName = data.text('userName') ?? subject.userName;
  const externalId = data.text('externalId') ?? subject.externalId;
  const email = data.list('emails')[0]?.text('value') ?? subject.email;
  return [
    itemOf(
      {
        ...around,
        named: { ...around.named, subject: { ...subject, ...compact({ userName, email, externalId }) } },
      },
      {
        kind: 'upsert',
        completeness: 'full',
        person: data.value as Record<string, unknown>,
        ...compact({ groups: groupsIn(data) }),
      },
    ),
  ];
};

/** A resource that was created is in service unless it says otherwise (RFC 7643 section 4.1.1). */
const created: Read = (payload, around) =>
  whole(payload, around).map((item) =>
    item.kind === 'event' && item.event.person !== undefined
      ? { ...item, event: { ...item.event, person: { active: true, ...item.event.person } } }
      : item,
  );

const patch: Read = (payload, around) => {
  const operations = payload.list('data.Operations');
  if (operations.length === 0) return [bad(`${around.uri} has no operations.`)];
  if (around.named.endpoint === 'Groups') {
    return operations.flatMap((operation) => {
      const path = operation.text('path') ?? '';
      if (/^displayName$/i.test(path) || path === '') {
        const display = operation.text('value') ?? operation.text('value.displayName');
        if (display !== undefined) return [groupItem(around, 'rename', display)];
      }
      if (!/^members\b/i.test(path)) return [ignored(`${around.uri} of a group's ${path}`)];
      const kind = /^remove$/i.test(operation.text('op') ?? '') ? 'unassign' : 'assign';
      const one = /\[value eq "([^"]+)"\]/i.exec(path)?.[1];
      const members = one === undefined ? operation.list('value').map((each) => each.text('value')) : [one];
      return members.flatMap((id) => (id === undefined ? [] : [memberOf(id, kind, undefined, around)]));
    });
  }
  return [
    itemOf(around, {
      kind: 'upsert',
      completeness: 'partial',
      operations: operations.map(({ value }) => value),
    }),
  ];
};

const notice = person('upsert', 'thin');
const PROV = 'urn:ietf:params:scim:event:prov:';
const FEED = 'urn:ietf:params:scim:event:feed:';

/** SCIM events (RFC 9967 sections 2.3 and 2.4). */
export const SCIM_EVENTS: Readonly<Record<string, Read>> = {
  [`${PROV}create:full`]: created,
  [`${PROV}create:notice`]: notice,
  [`${PROV}put:full`]: whole,
  [`${PROV}put:notice`]: notice,
  [`${PROV}patch:full`]: patch,
  [`${PROV}patch:notice`]: notice,
  [`${PROV}delete`]: (payload, around) =>
    around.named.endpoint === 'Groups' ? [groupItem(around, 'delete')] : person('remove')(payload, around),
  [`${PROV}activate`]: person('resume'),
  [`${PROV}deactivate`]: person('suspend'),
  // Being in the feed is being ours: a person who leaves it is neither deleted nor disabled, but no agent any more.
  [`${FEED}add`]: person('assign', 'thin'),
  [`${FEED}remove`]: person('unassign'),
};

function itemOf(around: Around, event: Omit<PersonEvent, 'type' | 'subject'>): Item {
  const { uri, named, occurredAt, key } = around;
  if (named.endpoint !== 'Users') return ignored(`${uri} of ${named.endpoint}`);
  return eventItem({ ...event, type: uri, subject: named.subject, ...compact({ occurredAt, key }) });
}

/** What a token says about a group itself. */
function groupItem(
  { uri, named, occurredAt, key }: Around,
  does: 'rename' | 'delete',
  display?: string,
): Item {
  const { id } = named.subject;
  if (id === undefined) return bad(`${uri} does not say which group it is about.`);
  const own = key === undefined ? undefined : `${key}/group`;
  const group = { id, ...compact({ display }) };
  return { kind: 'group', change: { does, type: uri, group, ...compact({ occurredAt, key: own }) } };
}

/** A group without `members` has none (RFC 7643 section 2.5). */
function wholeGroup(data: JsonView, around: Around): Item[] {
  const { uri, named, occurredAt } = around;
  const { id } = named.subject;
  if (id === undefined) return [bad(`${uri} does not say which group it is about.`)];
  const members = data.list('members').flatMap((member) => member.text('value') ?? []);
  const display = data.text('displayName');
  const group = { id, ...compact({ display }) };
  return [
    ...(display === undefined ? [] : [groupItem(around, 'rename', display)]),
    ...members.map((member) => memberOf(member, 'assign', display, around)),
    { kind: 'members', list: { type: uri, group, members, ...compact({ occurredAt }) } },
  ];
}

function memberOf(
  id: string,
  kind: 'assign' | 'unassign',
  display: string | undefined,
  around: Around,
): Item {
  const { uri, named, occurredAt, key } = around;
  const group = { id: named.subject.id ?? '', ...compact({ display }) };
  const own = key === undefined ? undefined : `${key}/${id}`;
  return eventItem({
    kind,
    type: uri,
    subject: { id },
    group,
    completeness: 'partial',
    ...compact({ occurredAt, key: own }),
  });
}
