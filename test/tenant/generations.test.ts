import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Directory, openDirectory } from '../../functions/directory/directory.ts';
import { dynamoDbTable } from '../../functions/directory/dynamodb/table.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import type { Table } from '../../functions/directory/table.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import type { Configuration } from '../../functions/tenant/configuration.ts';
import { pack } from '../../functions/tenant/generation/content.ts';
import { openGenerations } from '../../functions/tenant/generation/current.ts';
import { activate, readActive, readContent } from '../../functions/tenant/generation/store.ts';
import { openDynamoDbLocal } from '../contract/database.ts';
import { type DynamoDbLocal, hasJava } from '../contract/dynamodb-local.ts';
import { START } from '../local/simulator-bench.ts';
import { demoTenant } from '../mapping/demo.ts';

/** Text that can't be packed any smaller, the same each time. */
function noise(kilobytes: number, seed: string): string {
  const blocks = Array.from({ length: kilobytes * 24 }, (_, index) =>
    createHash('sha256').update(`${seed} ${index}`).digest('base64').slice(0, 43),
  );
  return blocks.join('').slice(0, kilobytes * 1024);
}

/** A configuration that takes about so many kilobytes packed. */
function large(kilobytes: number, seed = 'a'): Configuration {
  const tenant = demoTenant();
  const rules = [...tenant.rules, { name: noise(kilobytes, seed), stop: false, set: {} }];
  return { tenants: { demo: { ...tenant, rules } } };
}

const small = (callsPerMinute: number): Configuration => {
  const tenant = demoTenant();
  return {
    tenants: { demo: { ...tenant, smartassist: { ...tenant.smartassist, callsPerMinute } } },
  };
};

const plain = (configuration: Configuration): unknown => JSON.parse(JSON.stringify(configuration));

async function push(directory: Directory, configuration: Configuration, now = START) {
  const after = await readActive(directory);
  const pushed = await activate(directory, configuration, { after, now, by: 'anna', isDeployment: false });
  expect(pushed.outcome).toBe('activated');
  return pushed.entry;
}

let local: DynamoDbLocal | undefined;
beforeAll(async () => {
  if (hasJava()) local = await openDynamoDbLocal();
}, 60_000);
afterAll(async () => local?.stop());

const TABLES: [string, () => Promise<Table>][] = [
  ['in memory', async () => memoryTable(systemClock)],
  [
    'on DynamoDB Local',
    async () => {
      if (local === undefined) throw new Error('there is no Java');
      await local.createTable('generations');
      const { client } = local;
      return dynamoDbTable({
        client,
        tableName: 'generations',
        random: Math.random,
        sleep: systemClock.sleep,
      });
    },
  ],
];

describe('the content of a generation', () => {
  it.each(hasJava() ? TABLES : TABLES.slice(0, 1))(
    'that no item has room for is kept in several, and comes back as it was: %s',
    { timeout: 60_000 },
    async (_, open) => {
      const directory = openDirectory(await open(), systemClock);
      const configuration = large(1_000);
      const entry = await push(directory, configuration);
      expect(entry.parts).toBeGreaterThan(2);
      expect(await readContent(directory, entry)).toEqual(plain(configuration));
      const generations = openGenerations({ directory, clock: systemClock });
      expect((await generations.current())?.configuration).toEqual(plain(configuration));
    },
  );

  it('is cut into parts that fit into an item of 400 KB with all else that it has', () => {
    const { parts } = pack(large(1_000));
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
    for (const part of parts) expect(Buffer.byteLength(part)).toBeLessThan(380 * 1024);
    expect(parts.slice(0, -1).every((part) => part.length === parts[0]?.length)).toBe(true);
  });

  it('that is larger than a directory takes is refused before anything is written, with what helps', async () => {
    const table = memoryTable(systemClock);
    const directory = openDirectory(table, systemClock);
    let written = 0;
    const watched: Directory = {
      ...directory,
      writeDocument: (...args) => {
        written += 1;
        return directory.writeDocument(...args);
      },
    };
    const tooLarge = activate(watched, large(4_800), {
      after: undefined,
      now: START,
      by: 'anna',
      isDeployment: true,
    });
    await expect(tooLarge).rejects.toThrow(
      /is \d{4} KB packed, and 4687 KB is the most; deploy some tenants as a stage of their own/,
    );
    expect(written).toBe(0);
  });

  it('is the same one where what was pushed is deployed afterwards', async () => {
    const directory = openDirectory(memoryTable(systemClock), systemClock);
    await push(directory, small(10));
    await push(directory, small(11));
    const deploy = async () =>
      activate(directory, small(11), {
        after: await readActive(directory),
        now: START + 60_000,
        by: 'npm start',
        isDeployment: true,
      });
    expect(await deploy()).toMatchObject({
      outcome: 'unchanged',
      entry: { number: 2, by: 'anna', deployed: 2 },
    });
    expect((await readActive(directory))?.entry).toMatchObject({
      number: 2,
      at: expect.any(String),
      deployed: 2,
    });
    expect(await deploy()).toMatchObject({ outcome: 'unchanged', entry: { number: 2 } });
    expect(await push(directory, small(12))).toMatchObject({ number: 3, deployed: 2 });
  });

  it('of two pushes at the same time is never mixed: one wins, whole, and the other one is told', async () => {
    const directory = openDirectory(memoryTable(systemClock), systemClock);
    await push(directory, small(10));
    const after = await readActive(directory);
    const [one, two] = [large(700, 'one'), large(700, 'two')];
    const terms = { after, now: START, isDeployment: false };
    const ended = await Promise.all([
      activate(directory, one, { ...terms, by: 'anna' }),
      activate(directory, two, { ...terms, by: 'berta' }),
    ]);
    expect(ended.map(({ outcome }) => outcome).toSorted()).toEqual(['activated', 'lost']);
    const active = await readActive(directory);
    for (const { entry } of ended) expect(entry).toEqual(active?.entry);
    if (active === undefined) throw new Error('nothing is active');
    const won = active.entry.by === 'anna' ? one : two;
    expect(await readContent(directory, active.entry)).toEqual(plain(won));
  });

  it.each([
    ['a part that is missing', undefined, 'generation 1 of the configuration is incomplete'],
    ['a part that is another', { text: 'AAAA' }, ''],
  ])('with %s is not taken for the configuration', async (_, body, words) => {
    const directory = openDirectory(memoryTable(systemClock), systemClock);
    const { digest } = await push(directory, large(700));
    const damaged: Directory = {
      ...directory,
      readDocument: async (owner, name) => {
        const found = await directory.readDocument(owner, name);
        if (name !== `content ${digest} 1` || found === undefined) return found;
        return body && { ...found, body };
      },
    };
    await expect(openGenerations({ directory: damaged, clock: systemClock }).current()).rejects.toThrow(
      words,
    );
  });
});

/** A directory whose reads are counted, on a clock that stands until it is moved. */
function counted() {
  let now = START;
  const clock = { now: () => now };
  const directory = openDirectory(memoryTable({ ...systemClock, now: clock.now }), {
    ...systemClock,
    now: clock.now,
  });
  const reads: { readonly name: string; readonly at: number }[] = [];
  const watched: Directory = {
    ...directory,
    readDocument: (owner, name) => {
      reads.push({ name, at: now });
      return directory.readDocument(owner, name);
    },
  };
  const advance = (milliseconds: number) => {
    now += milliseconds;
  };
  return { directory, generations: openGenerations({ directory: watched, clock }), reads, advance, clock };
}

describe('how often a function looks for another generation', () => {
  it('is one small read in thirty seconds, however many requests there are; its content is read once', async () => {
    const { directory, generations, reads, advance } = counted();
    const { parts } = await push(directory, large(700));
    for (let request = 0; request < 3_000; request += 1) {
      await generations.current();
      advance(100);
    }
    const looks = reads.filter(({ name }) => name === 'active').map(({ at }) => at);
    expect(looks).toHaveLength(10);
    for (const [index, at] of looks.entries())
      expect(at - (looks[index - 1] ?? 0)).toBeGreaterThanOrEqual(30_000);
    expect(reads.length - looks.length).toBe(parts);
  });

  it('is no read at all where nothing is asked', async () => {
    const { directory, generations, reads, advance } = counted();
    await push(directory, small(10));
    await generations.current();
    const before = reads.length;
    advance(3_600_000);
    expect(reads).toHaveLength(before);
  });

  it('is one read for requests at the same time, cold and when it is time again', async () => {
    const { directory, generations, reads, advance } = counted();
    await push(directory, small(10));
    const together = () => Promise.all(Array.from({ length: 200 }, () => generations.current()));
    const found = await together();
    expect(new Set(found).size).toBe(1);
    expect(reads.map(({ name }) => name)).toEqual(['active', expect.stringContaining('content ')]);
    advance(30_000);
    await together();
    expect(reads.filter(({ name }) => name === 'active')).toHaveLength(2);
  });

  it('is often enough: the request after thirty seconds is served with the newest', async () => {
    const { directory, generations, advance } = counted();
    await push(directory, small(10));
    for (let step = 0; step < 60; step += 1) {
      const callsPerMinute = 1 + (step % 50);
      await generations.current();
      advance(step * 499);
      const { number } = await push(directory, small(callsPerMinute));
      advance(30_000 - step * 499);
      const current = await generations.current();
      expect(current).toMatchObject({ number, isActive: true });
      expect(current?.configuration.tenants.demo?.smartassist.callsPerMinute).toBe(callsPerMinute);
    }
  });

  it('is at most once a second while there is none, and where a record bears the mark of a newer one', async () => {
    const { directory, generations, reads, advance } = counted();
    for (let request = 0; request < 100; request += 1) {
      expect(await generations.current()).toBeUndefined();
      advance(100);
    }
    expect(reads).toHaveLength(10);
    await push(directory, small(10));
    advance(1_000);
    reads.length = 0;
    for (let request = 0; request < 100; request += 1) {
      await generations.lookAgain();
      advance(100);
    }
    expect(reads.filter(({ name }) => name === 'active')).toHaveLength(10);
  });

  it('is again at once after a look that failed', async () => {
    const { directory, clock } = counted();
    await push(directory, small(10));
    let fails = true;
    const flaky: Directory = {
      ...directory,
      readDocument: async (...args) => {
        if (fails) throw new Error('the table is away');
        return directory.readDocument(...args);
      },
    };
    const generations = openGenerations({ directory: flaky, clock });
    await expect(generations.current()).rejects.toThrow('the table is away');
    fails = false;
    expect(await generations.current()).toMatchObject({ number: 1 });
  });
});
