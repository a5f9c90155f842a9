import type { JsonView } from '../events/json-view.ts';
import { isObject } from '../scim-core/resource/resource.ts';
import { UnreadableList } from './fetcher.ts';
import type { Row } from './sync/listing.ts';

/**
 * The elements of a list in an answer: an answer without the list is no empty one.
 *
 * @param isLeftOut the provider leaves out a list that has no elements
 * @throws UnreadableList
 */
export function elementsOf(body: JsonView, path: string, isLeftOut = false): JsonView[] {
  const list = body.at(path);
  if (Array.isArray(list.value)) return list.list('');
  if (isLeftOut && isObject(body.value) && list.value === undefined) return [];
  throw new UnreadableList(`the answer has no list${path === '' ? '' : ` "${path}"`}`);
}

/** A row of which it can't be told whose it is. */
export function nameless(id: string, reason: string): Row {
  return { is: 'unusable', id, reason, isNameless: true };
}

/**
 * A row for each element of a list of people, also for one that can't be read: left out, its person would be missing.
 *
 * @param idOf where an element has the person's id
 */
export function rowsOf(
  elements: readonly JsonView[],
  idOf: string | ((element: JsonView) => string | undefined),
  rowOf: (element: JsonView, id: string) => Row,
): Row[] {
  let before: string | undefined;
  return elements.map((element, index) => {
    const id = typeof idOf === 'string' ? element.text(idOf) : idOf(element);
    if (id !== undefined) {
      before = id;
      return rowOf(element, id);
    }
    const place = before === undefined ? '' : `, behind ${before}`;
    return nameless(`row ${index + 1}`, `${faultOf(element, idOf)}${place}`);
  });
}

/**
 * The ids of a list's elements.
 *
 * @throws UnreadableList for an element without one
 */
export function idsOf(elements: readonly JsonView[], path = 'id'): string[] {
  return elements.map((element) => {
    const id = element.text(path);
    if (id === undefined) throw new UnreadableList(`an element of a list: ${faultOf(element, path)}`);
    return id;
  });
}

/**
 * Groups of a list.
 *
 * @throws UnreadableList for one without an id or a name
 */
export function namedIn(elements: readonly JsonView[], nameOf: (element: JsonView) => string | undefined) {
  return elements.map((element) => {
    const [id, display] = [element.text('id'), nameOf(element)];
    if (id === undefined || display === undefined) throw new UnreadableList('a group has no id or no name');
    return { id, display };
  });
}

function faultOf({ value }: JsonView, idOf: string | object): string {
  if (isObject(value)) return `it has no ${typeof idOf === 'string' ? idOf : 'id'}`;
  if (Array.isArray(value)) return 'it is a list';
  return typeof value === 'string' ? 'it is a text' : `it is ${value}`;
}
