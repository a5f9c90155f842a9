import { memoryTable } from '../../../functions/directory/memory.ts';
import type { Item, Key, Table, Write } from '../../../functions/directory/table.ts';
import type { Dice } from '../dice.ts';
import type { VirtualTime } from '../virtual-time.ts';

/** As far as DynamoDB's index is behind its table by what was measured. */
const LAG_MS = [300, 1_500] as const;

/** A table whose index of due items shows what was written a moment ago; all else is as it was written last. */
export function laggingIndex(table: Table, time: VirtualTime, dice: Dice): Table {
  const index = memoryTable(time);
  const shown = new Set<string>();
  const behind: (readonly Write[])[] = [];
  const nameOf = ({ pk, sk }: Key) => `${pk} ${sk}`;
  /** What an index of due items hears of; without a condition, since that was looked at already. */
  const heard = (write: Write): Write[] => {
    if ('put' in write) return isShown(write.put) ? [{ put: write.put }] : [];
    return 'delete' in write && shown.has(nameOf(write.delete)) ? [{ delete: write.delete }] : [];
  };
  const isShown = (item: Item) => {
    if (item.due !== undefined) shown.add(nameOf(item));
    return shown.has(nameOf(item));
  };
  return {
    ...table,
    queryDue: (query) => index.queryDue(query),
    write: async (writes) => {
      const result = await table.write(writes);
      const news = result.ok ? writes.flatMap(heard) : [];
      if (news.length === 0) return result;
      behind.push(news);
      // In the order of the writes, whichever timer is first.
      time.after(dice.whole(...LAG_MS), () => void index.write(behind.shift() ?? []));
      return result;
    },
  };
}
