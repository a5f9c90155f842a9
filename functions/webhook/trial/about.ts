import { createHash, randomUUID } from 'node:crypto';
import type { PersonEvent } from '../../events/event.ts';
import { isObject } from '../../scim-core/resource/resource.ts';

/** Whom the event is to be about, in the place of the person of the documentation. */
export interface About {
  /** An e-mail address, which is the userName as well. */
  readonly user?: string;
  /** The source's id of the person; made of the address where it isn't given. */
  readonly id?: string;
}

const EMAIL = /^[^\s@"'<>]{1,64}@[^\s@"'<>]{1,255}$/;

/**
 * The body about another person, of this moment, and with an id of its own, so that it counts as news.
 *
 * @param events what the product reads from the body
 */
export function bodyAbout(
  body: string,
  events: readonly PersonEvent[],
  { user, id }: About,
  now: number,
): string {
  const [event] = events;
  const known = idIn(event);
  const wanted = id ?? (known === undefined || user === undefined ? undefined : idLike(known, user));
  let text = atTime(body, now);
  if (known !== undefined && wanted !== undefined) text = replaced(text, known, wanted);
  if (user !== undefined) for (const address of addressesIn(event)) text = replaced(text, address, user);
  const own = lastWord(event?.key);
  return own === undefined || own === known ? text : replaced(text, own, another(own));
}

/** Headers with a number of the message in them have another one. */
export function headersAbout(
  headers: Readonly<Record<string, string>>,
  [event]: readonly PersonEvent[],
): Record<string, string> {
  const own = lastWord(event?.key);
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value === own ? another(value) : value]),
  );
}

/** Another id of an event: of the same form, and longer where that is so short that it would come again. */
function another(id: string): string {
  const random = randomUUID();
  if (id.length >= LONG) return idLike(id, random);
  return /^\d+$/.test(id) ? idLike('0'.repeat(LONG), random) : `${id}-${random.slice(0, 8)}`;
}

const LONG = 12;

/** The source's id of the person; of one that is put together, what tells people of one company apart. */
function idIn(event: PersonEvent | undefined): string | undefined {
  return lastWord(event?.subject.id);
}

/** What stands behind the last mark of a text that is put together of several. */
function lastWord(text: string | undefined): string | undefined {
  return text?.match(/[\w.|:@+-]+/g)?.at(-1);
}

/** By what the event names the person: all of its addresses. */
function addressesIn(event: PersonEvent | undefined): string[] {
  const { subject, person = {}, guess = {} } = event ?? {};
  const texts = [subject?.email, subject?.userName, ...textsIn(person), ...textsIn(guess)];
  return [...new Set(texts.filter((text) => text !== undefined && EMAIL.test(text)))] as string[];
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** Replaces a whole word, as it stands in JSON and XML and as it stands in a form. */
function replaced(text: string, from: string, to: string): string {
  const word = (value: string) =>
    new RegExp(`(?<![\\w.-])${value.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')}(?![\\w-])`, 'gi');
  const plain = text.replace(word(from), () => to);
  const encoded = encodeURIComponent(from);
  return encoded === from ? plain : plain.replace(word(encoded), () => encodeURIComponent(to));
}

/** An id of the same form, always the same for a text: a digit for a digit, a letter for a letter. */
function idLike(form: string, text: string): string {
  const digest = createHash('sha256').update(`${form}\n${text}`).digest();
  let index = 0;
  return form.replace(/[0-9a-z]/gi, (character) => {
    const value = (digest[index % digest.length] ?? 0) + index;
    index += 1;
    // The first digit of a number is none that would be lost.
    if (/\d/.test(character)) return String(index === 1 ? 1 + (value % 9) : value % 10);
    const letter = /[a-f]/i.test(character) ? 'abcdef'[value % 6] : 'abcdefghijklmnopqrstuvwxyz'[value % 26];
    return character === character.toUpperCase() ? String(letter).toUpperCase() : String(letter);
  });
}

const MOMENT = /\b\d{4}-\d\d-\d\d([T ])\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?/g;
/** An unquoted number of seconds or milliseconds, from 2017 to 2035. */
const EPOCH = /(?<=[:[,>]\s*)(1[5-9]\d{8}|20[0-4]\d{7})(\d{3})?(?=\s*[,}\]<])/g;

/** Every moment is now, written as it was; days, which are first or last ones, stay. */
function atTime(text: string, now: number): string {
  const iso = new Date(now).toISOString();
  return text
    .replace(MOMENT, (_, between: string, fraction = '', zone = '') => {
      const part =
        fraction === '' ? '' : iso.slice(19, 23).padEnd(fraction.length, '0').slice(0, fraction.length);
      const offset = zone === '' || zone === 'Z' ? zone : zone.includes(':') ? '+00:00' : '+0000';
      return `${iso.slice(0, 10)}${between}${iso.slice(11, 19)}${part}${offset}`;
    })
    .replace(EPOCH, (_, __, milliseconds: string | undefined) =>
      String(milliseconds === undefined ? Math.floor(now / 1_000) : now),
    );
}
