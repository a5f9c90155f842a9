import type { OpenFile } from '../../../functions/providers/file/open-file.ts';
import { ENTERPRISE_USER } from '../../../functions/scim-core/schema/enterprise.ts';
import { FetchError } from '../../../functions/sources/fetcher.ts';
import type { Joiner } from '../../../local/providers/company.ts';
import { noTrouble } from '../../../local/providers/stand-in.ts';
import type { Dice } from '../dice.ts';
import type { VirtualTime } from '../virtual-time.ts';
import type { Vendor } from './vendor.ts';

export const FILE = 'people.jsonl';
export const MARKER = 'people.done';

const MINUTE_MS = 60_000;
/** Longer than a file without a marker has to be left alone. */
const SETTLED_MS = 2 * MINUTE_MS;

/** The files of the world that lives now: two never do in one process. */
const files = new Map<string, () => OpenFile | undefined>();

export async function openSimulatedFile(address: string): Promise<OpenFile | undefined> {
  return files.get(address)?.();
}

/**
 * An HR system that only writes files: some minutes after a change, in two pieces, and with a marker at the end in some
 * worlds. It keeps those who left, as rows that are not active.
 */
export function hrFile(
  name: string,
  {
    time,
    dice,
    content,
    hasMarker,
  }: {
    readonly time: VirtualTime;
    readonly dice: Dice;
    readonly content: 'full' | 'incremental';
    readonly hasMarker: boolean;
  },
): Vendor {
  const people = new Map<string, { joiner: Joiner; isActive: boolean }>();
  /** Who changed since the first edition: each incremental one holds them all. */
  const changed = new Set<string>();
  const trouble = noTrouble();
  let editions = 0;
  let isWriting = false;
  let isNews = false;

  files.clear();
  const put = (address: string, bytes: Uint8Array, writtenAt: number): void => {
    const file: OpenFile = {
      edition: `${editions}/${bytes.length}`,
      writtenAt,
      mayGrow: true,
      read: async function* (from) {
        yield bytes.subarray(from);
      },
    };
    files.set(address, () => {
      if (trouble.expireAfter !== undefined) return undefined;
      for (const kind of ['throttle', 'fail', 'html'] as const) {
        if (trouble[kind] === 0) continue;
        trouble[kind] -= 1;
        throw new FetchError(`${address} can not be read`);
      }
      return file;
    });
  };
  const bytesNow = (): Uint8Array => {
    const isFirst = editions === 0;
    const written = [...people].filter(([id]) => isFirst || content === 'full' || changed.has(id));
    editions += 1;
    if (isFirst) changed.clear();
    return Buffer.from(written.map(([id, person]) => `${JSON.stringify(rowOf(id, person))}\n`).join(''));
  };
  const end = (bytes: Uint8Array, writtenAt: number): void => {
    put(FILE, bytes, writtenAt);
    if (hasMarker) put(MARKER, Buffer.alloc(0), writtenAt + 1);
  };
  const write = (): void => {
    const bytes = bytesNow();
    isNews = false;
    put(FILE, bytes.subarray(0, dice.whole(0, bytes.length)), time.now());
    time.after(dice.whole(1_000, hasMarker ? 10 * MINUTE_MS : 40_000), () => {
      end(bytes, time.now());
      isWriting = false;
      if (isNews) soon();
    });
  };
  const soon = (): void => {
    isNews = true;
    if (isWriting) return;
    isWriting = true;
    time.after(dice.whole(MINUTE_MS, 30 * MINUTE_MS), write);
  };
  const change = (id: string, isActive: boolean, department?: string): void => {
    const person = people.get(id);
    if (person === undefined) return;
    const joiner = department === undefined ? person.joiner : { ...person.joiner, department };
    people.set(id, { joiner, isActive });
    changed.add(id);
    soon();
  };
  return {
    name,
    host: 'files.invalid',
    api: { answer: () => ({ status: 404 }), trouble, calls: new Map() },
    secrets: {},
    join: (joiner) => {
      const id = `F-${people.size + 1}`;
      people.set(id, { joiner, isActive: true });
      change(id, true);
      return id;
    },
    move: (id, department) => change(id, people.get(id)?.isActive === true, department),
    leave: (id) => change(id, false),
    return: (id) => change(id, true),
    delete: (id) => change(id, false),
    events: () => {
      // The first edition is there before the product is.
      if (editions === 0) end(bytesNow(), time.now() - SETTLED_MS);
      return [];
    },
    settle: async () => {
      while (isWriting) await time.sleep(MINUTE_MS);
      end(bytesNow(), time.now());
      await time.sleep(SETTLED_MS);
    },
  };
}

function rowOf(id: string, { joiner, isActive }: { readonly joiner: Joiner; readonly isActive: boolean }) {
  const { email, givenName, familyName, department, phone, employeeNumber } = joiner;
  return {
    externalId: id,
    userName: email,
    active: isActive,
    name: { givenName, familyName },
    emails: [{ value: email, type: 'work', primary: true }],
    ...(phone === undefined || phone === '' ? {} : { phoneNumbers: [{ value: phone, type: 'work' }] }),
    [ENTERPRISE_USER.id]: { department, employeeNumber },
  };
}
