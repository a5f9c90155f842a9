import type { Attributes, SourceGroup } from '../../events/event.ts';
import { groupsIn } from '../../events/groups/in-user.ts';
import { dayOf } from '../../events/instant.ts';
import { jsonView } from '../../events/json-view.ts';
import { compact } from '../../runtime/compact.ts';
import { once } from '../../runtime/once.ts';
import { compilePayloadPath, type PayloadReader } from '../../scim-core/path/payload-path.ts';
import { isObject } from '../../scim-core/resource/resource.ts';
import { nameless } from '../../sources/elements.ts';
import type { Row } from '../../sources/sync/listing.ts';
import { type DateForm, fileSourceOf } from '../../tenant/file-source.ts';
import type { SourceSettings } from '../../tenant/sources.ts';
import { mapGroups, mapPerson } from '../generic/read.ts';

/** Reads the lines of one source's file. */
export type RowReader = (line: number, value: unknown) => Row;

/** How rows come. */
export interface RowForm {
  /** What one is called. */
  readonly word: 'line' | 'entry';
  /** Each value is a text, and an empty one is none: CSV. */
  readonly hasText: boolean;
}

const FORMS: Readonly<Record<DateForm, RegExp>> = {
  'YYYY-MM-DD': /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)$/,
  'DD.MM.YYYY': /^(?<day>\d\d?)\.(?<month>\d\d?)\.(?<year>\d{4})$/,
  'DD/MM/YYYY': /^(?<day>\d\d?)\/(?<month>\d\d?)\/(?<year>\d{4})$/,
  'MM/DD/YYYY': /^(?<month>\d\d?)\/(?<day>\d\d?)\/(?<year>\d{4})$/,
  YYYYMMDD: /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)$/,
};

const YES = /^(true|yes|y|1)$/i;
const NO = /^(false|no|n|0)$/i;

/**
 * How a value of the file, a line's fields by their columns or what its JSON says, becomes a person: by the source's `map`,
 * else its names are those of a SCIM User.
 */
export function rowReader(settings: SourceSettings, form: RowForm): RowReader {
  const source = fileSourceOf(settings);
  const place = (text: string | undefined) => once(() => compilePayloadPath(text ?? ''));
  const [id, firstDay, lastDay] = [place(source.id), place(source.firstDay), place(source.lastDay)];
  const textAt = (text: string | undefined, reader: () => PayloadReader, value: unknown) =>
    text === undefined ? undefined : jsonView(reader()(value)[0]).text('')?.trim();
  return (line, value) => {
    if (!isObject(value)) return nobody(line, 'it is no person', form);
    const { person, groups } = personIn(value, settings, form);
    const said = jsonView(person);
    const key =
      textAt(source.id, id, value) ??
      (source.id === undefined
        ? (said.text('externalId') ?? said.text('id') ?? said.text('userName'))
        : undefined);
    if (key === undefined)
      return nobody(line, `it has no ${source.id ?? 'externalId, id or userName'}`, form);
    const { active, ...rest } = person;
    const isIn = typeof active === 'string' ? wordOf(active) : active;
    if (isIn !== undefined && typeof isIn !== 'boolean') {
      const reason = `${form.word} ${line}: active is ${JSON.stringify(active)}, which is neither true nor false: say by map which words mean which`;
      return { is: 'unusable', id: key, reason };
    }
    const dayAt = (text: string | undefined, reader: () => PayloadReader) =>
      dayIn(textAt(text, reader, value), source.dates);
    const found = {
      outcome: 'found',
      id: key,
      person: { ...rest, ...compact({ active: isIn }) },
      ...compact({
        groups,
        joinsAt: dayAt(source.firstDay, firstDay),
        leavesAt: dayAt(source.lastDay, lastDay),
      }),
    } as const;
    return { is: 'person', id: key, found };
  };
}

export function nobody(line: number, reason: string, { word }: RowForm): Row {
  return nameless(`${word} ${line}`, reason);
}

function personIn(
  value: Readonly<Record<string, unknown>>,
  settings: SourceSettings,
  { hasText }: RowForm,
): { readonly person: Attributes; readonly groups: readonly SourceGroup[] | undefined } {
  if (settings.map !== undefined) {
    return { person: mapPerson(value, settings), groups: mapGroups(inList(value, hasText), settings) };
  }
  const { groups, ...person } = hasText ? withoutEmpty(value) : value;
  if (!hasText) return { person, groups: groupsIn(jsonView(value)) };
  return { person, groups: typeof groups === 'string' ? namedIn(groups) : undefined };
}

/** Groups that stand in one field, as `mapGroups` reads them. */
function inList(value: Readonly<Record<string, unknown>>, hasText: boolean) {
  if (!hasText) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => [name, String(text).includes(';') ? partsOf(text) : text]),
  );
}

function partsOf(text: unknown): string[] {
  return String(text)
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function namedIn(text: string): SourceGroup[] {
  return partsOf(text).map((name) => ({ id: name, display: name }));
}

function withoutEmpty(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, text]) => text !== ''));
}

function wordOf(text: string): boolean | string {
  if (YES.test(text)) return true;
  return NO.test(text) ? false : text;
}

/** A day as ISO 8601; what isn't of the form stays as it is, and waits for an operator. */
function dayIn(text: string | undefined, form: DateForm): string | undefined {
  if (text === undefined) return undefined;
  const { year, month = '', day = '' } = FORMS[form].exec(text)?.groups ?? {};
  return year === undefined ? text : dayOf(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
}
