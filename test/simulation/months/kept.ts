import type { Key, Table } from '../../../functions/directory/table.ts';
import { keyOf } from '../../../functions/directory/writes.ts';

/** Everything that the table still holds, whatever its key: for asking whether something is truly gone. */
export class KeptItems {
  readonly #keys = new Map<string, Key>();
  #table: Table | undefined;

  /** Sees each key that is written. */
  watch(table: Table): Table {
    this.#table = table;
    return {
      ...table,
      write: async (writes) => {
        const result = await table.write(writes);
        if (result.ok) {
          for (const write of writes) {
            const { pk, sk } = keyOf(write);
            if ('put' in write) this.#keys.set(`${pk}\n${sk}`, { pk, sk });
            else if ('delete' in write) this.#keys.delete(`${pk}\n${sk}`);
          }
        }
        return result;
      },
    };
  }

  /** The places of the items in which one of these texts stands, in a key or in what is stored. */
  async placesOf(texts: readonly string[]): Promise<string[]> {
    const keys = [...this.#keys.values()];
    const items = (await this.#table?.getMany(keys)) ?? [];
    return items.flatMap((item) => {
      if (item === undefined) return [];
      const text = JSON.stringify(item).toLowerCase();
      return texts.some((each) => text.includes(each.toLowerCase())) ? [`${item.pk} ${item.sk}`] : [];
    });
  }
}
