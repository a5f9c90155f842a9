import { DirectoryUnavailableError } from '../../functions/directory/errors.ts';
import type { Table, Write } from '../../functions/directory/table.ts';
import type { Dice } from './dice.ts';
import type { Machine } from './machine.ts';
import { GIVEN_UP_MS } from './services/secrets-manager.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Weather } from './weather.ts';

/** The table as one machine reaches it: over a network, which loses requests and answers and is slow at times. */
export function unreliableTable(table: Table, machine: Machine, dice: Dice, weather: () => Weather): Table {
  const call = <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const { directoryRefuses, directoryForgets, directoryIsSlow, directoryHangs } = weather();
    const quick = dice.chance(directoryIsSlow) ? dice.whole(100, 4_000) : dice.whole(0, 8);
    return machine.wait({
      what,
      latencyMs: directoryHangs ? GIVEN_UP_MS : quick,
      fails: dice.chance(directoryRefuses) ? 'before' : dice.chance(directoryForgets) ? 'after' : undefined,
      failure: (failed) => new DirectoryUnavailableError(`${failed} failed`),
      work,
    });
  };
  return {
    get: (key) => call(`get ${key.pk}`, () => table.get(key)),
    getMany: (keys) => call('get many', () => table.getMany(keys)),
    query: (query) => call(`query ${query.pk}`, () => table.query(query)),
    queryDue: (query) => call('query due', () => table.queryDue(query)),
    getCounts: (keys) => call('get counts', () => table.getCounts(keys)),
    write: (writes) => call(`write ${nameOf(writes[0])}`, () => table.write(writes)),
  };
}

/** A table whose work takes real time: virtual time stands still meanwhile. */
export function standingStill(table: Table, time: VirtualTime): Table {
  return {
    get: (key) => time.standStill(() => table.get(key)),
    getMany: (keys) => time.standStill(() => table.getMany(keys)),
    query: (query) => time.standStill(() => table.query(query)),
    queryDue: (query) => time.standStill(() => table.queryDue(query)),
    getCounts: (keys) => time.standStill(() => table.getCounts(keys)),
    write: (writes) => time.standStill(() => table.write(writes)),
  };
}

function nameOf(write: Write | undefined): string {
  if (write === undefined) return 'nothing';
  if ('put' in write) return `${write.put.pk} ${write.put.sk}`;
  if ('delete' in write) return `delete ${write.delete.pk} ${write.delete.sk}`;
  return 'check' in write ? write.check.pk : write.count.pk;
}
