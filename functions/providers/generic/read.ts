import { type Attributes, bad, eventItem, type Item, ignored, type SourceGroup } from '../../events/event.ts';
import { groupsIn } from '../../events/groups/in-user.ts';
import { isoOf, timeOf } from '../../events/instant.ts';
import { type JsonView, jsonView } from '../../events/json-view.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import { compilePayloadPath, type PayloadReader } from '../../scim-core/path/payload-path.ts';
import type { SourceSettings } from '../../tenant/sources.ts';

/** Types of the envelope that this product documents; a source of its own says its own in `events`. */
const KINDS: KindTable = {
  'user.created': 'upsert',
  'user.updated': 'upsert',
  'user.deactivated': 'suspend',
  'user.suspended': 'suspend',
  'user.activated': 'resume',
  'user.resumed': 'resume',
  'user.deleted': 'remove',
  'user.assigned': 'assign',
  'user.unassigned': 'unassign',
};

const DEFAULTS = {
  type: 'type',
  key: 'id',
  occurredAt: 'timestamp | time | occurredAt',
  effectiveAt: 'effectiveAt | data.effectiveAt',
  person: 'data | person',
} as const;

interface Reader {
  readonly items: PayloadReader | undefined;
  readonly subject: PayloadReader | undefined;
  readonly fields: Readonly<Record<keyof typeof DEFAULTS, PayloadReader>>;
  readonly map: readonly (readonly [string, PayloadReader])[] | undefined;
}

const compiled = new WeakMap<SourceSettings, Reader>();

/** What the envelope around a person says, where a format has a place of its own for it. */
export interface Envelope {
  readonly type?: string | undefined;
  readonly key?: string | undefined;
  readonly occurredAt?: string | undefined;
}

/**
 * Reads the events of a source that the configuration describes: by default `{type, id, timestamp, data}` with a SCIM
 * User in `data`; with `read` and `map` anything else.
 */
export function readCustom(body: JsonView, settings: SourceSettings, envelope: Envelope = {}): Item[] {
  const reader = readerOf(settings);
  const bodies = reader.items === undefined ? [body.value] : reader.items(body.value);
  // An id of the whole delivery is none of its items' yet.
  const { key, ...rest } = envelope;
  const around = (index: number): Envelope =>
    key === undefined || bodies.length === 1 ? envelope : { ...rest, key: `${key}#${index}` };
  return bodies.map((each, index) => readOne(each, reader, settings, around(index)));
}

/** The person that a mapping makes of a payload: attributes by SCIM path. */
export function mapPerson(payload: unknown, settings: SourceSettings): Attributes {
  const { map = [] } = readerOf(settings);
  const person: Record<string, unknown> = {};
  for (const [attribute, read] of map) {
    const values = read(payload);
    if (values.length > 0 && attribute !== GROUPS) person[attribute] = values[0];
  }
  return person;
}

/** Under this attribute of `map` are all groups of the person, by name or as in a SCIM User. */
const GROUPS = 'groups';

/** The groups that a mapping makes of a payload; undefined where it maps none. */
export function mapGroups(payload: unknown, settings: SourceSettings): SourceGroup[] | undefined {
  const [, read] = readerOf(settings).map?.find(([attribute]) => attribute === GROUPS) ?? [];
  if (read === undefined) return undefined;
  const groups = read(payload).flatMap((value) => (Array.isArray(value) ? value : [value]));
  const named = groups.map((group) => (typeof group === 'string' ? { value: group, display: group } : group));
  return groupsIn(jsonView({ groups: named }));
}

function readOne(value: unknown, reader: Reader, settings: SourceSettings, envelope: Envelope): Item {
  const first = (field: keyof typeof DEFAULTS) => reader.fields[field](value)[0];
  const text = (field: keyof typeof DEFAULTS) => jsonView(first(field)).text('');
  const type = envelope.type ?? text('type');
  const kind = kindOf(settings, type, KINDS);
  if (kind === undefined || type === undefined) return ignored(type);
  const data = jsonView(first('person'));
  const person =
    reader.map === undefined ? (data.value as Attributes | undefined) : mapPerson(value, settings);
  if (typeof person !== 'object' || person === null) return bad(`An event of type ${type} holds no person.`);
  const read = jsonView(person);
  const id = jsonView(reader.subject?.(value)[0]).text('') ?? read.text('externalId') ?? read.text('id');
  const userName = read.text('userName');
  const email = read.text('email') ?? read.list('emails')[0]?.text('value');
  const completeness = Object.keys(person).length > 2 ? 'full' : 'partial';
  const groups = reader.map === undefined ? groupsIn(read) : mapGroups(value, settings);
  const effectiveAt = timeOf(first('effectiveAt'));
  const occurredAt = isoOf(envelope.occurredAt) ?? timeOf(first('occurredAt')) ?? timeOf(envelope.occurredAt);
  const key = envelope.key ?? text('key');
  return eventItem({
    kind,
    type,
    subject: {
      ...compact({ id, userName, email }),
    },
    person: kind === 'remove' || kind === 'suspend' ? withoutActive(person) : person,
    completeness,
    ...compact({ occurredAt, effectiveAt, key, groups: kind === 'upsert' ? groups : undefined }),
  });
}

/** The type of the event says it. */
function withoutActive({ active: _, ...person }: Attributes): Attributes {
  return person;
}

function readerOf(settings: SourceSettings): Reader {
  const known = compiled.get(settings);
  if (known !== undefined) return known;
  const { read = {}, map } = settings;
  const optional = (text: string | undefined) => (text === undefined ? undefined : compilePayloadPath(text));
  const reader: Reader = {
    items: optional(read.items),
    subject: optional(read.subject),
    fields: {
      type: compilePayloadPath(read.type ?? DEFAULTS.type),
      key: compilePayloadPath(read.key ?? DEFAULTS.key),
      occurredAt: compilePayloadPath(read.occurredAt ?? DEFAULTS.occurredAt),
      effectiveAt: compilePayloadPath(read.effectiveAt ?? DEFAULTS.effectiveAt),
      person: compilePayloadPath(read.person ?? DEFAULTS.person),
    },
    map:
      map === undefined
        ? undefined
        : Object.entries(map).map(([to, from]) => [to, compilePayloadPath(from)] as const),
  };
  compiled.set(settings, reader);
  return reader;
}
