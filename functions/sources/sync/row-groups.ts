import { hash } from 'node:crypto';
import { emailsOf } from '../../events/subject.ts';
import { folded } from '../../scim-core/fold.ts';
import type { Row } from './listing.ts';

/** Rows that have to be applied one after the other: of one id, or of one e-mail address, which may be of one person. */
export function inGroups(rows: readonly Row[]): Row[][] {
  const groups = new Map<string, Row[]>();
  const groupOf = new Map<string, string>();
  for (const row of rows) {
    const id = idOf(row);
    const email = row.is === 'person' ? emailsOf(row.found.person)[0] : undefined;
    const names = [`id ${id}`, ...(email === undefined ? [] : [`email ${folded(email)}`])];
    const key = names.map((name) => groupOf.get(name)).find((known) => known !== undefined) ?? `id ${id}`;
    for (const name of names) groupOf.set(name, key);
    const before = groups.get(key) ?? [];
    const others =
      row.is === 'event' ? before : before.filter((each) => each.is === 'event' || idOf(each) !== id);
    groups.set(key, [...others, row]);
  }
  return [...groups.values()];
}

/** The source's id of the person whom a row is about. */
export function idOf(row: Row): string {
  if (row.is !== 'event') return row.id;
  return row.item.kind === 'event' ? (row.item.event.subject.id ?? '') : '';
}

/** Whether it can't be told whose row it is. */
export function isNameless(row: Row): boolean {
  return row.is === 'unusable' && row.isNameless === true;
}

/** What tells a page from others; undefined where nothing does: what an ignored event was about isn't kept. */
export function signOf(rows: readonly Row[]): string | undefined {
  const signs = rows.map((row) =>
    row.is === 'event' && row.item.kind === 'event' ? (row.item.event.key ?? '') : idOf(row),
  );
  return signs.length === 0 || signs.includes('') ? undefined : hash('sha256', signs.join(' '), 'base64url');
}
