import type { Clock } from '../runtime/clock.ts';
import { type Documents, openDocuments } from './documents.ts';
import { type Groups, openGroups } from './groups.ts';
import { type History, openHistory } from './history.ts';
import { openPersons, type Persons } from './persons.ts';
import type { Table } from './table.ts';

/** The store: what should be, what is known to be, and how it came about. One interface over any table. */
export interface Directory extends Persons, Groups, Documents, History {}

export function openDirectory(table: Table, clock: Clock): Directory {
  return {
    ...openPersons(table),
    ...openGroups(table),
    ...openDocuments(table, clock.now),
    ...openHistory(table),
  };
}
