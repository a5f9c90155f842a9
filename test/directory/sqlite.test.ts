import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectoryVersionError } from '../../functions/directory/errors.ts';
import { openSqliteTable } from '../../functions/directory/sqlite/table.ts';
import type { Item } from '../../functions/directory/table.ts';
import { systemClock } from '../../functions/runtime/clock.ts';

describe('the SQLite table', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'directory-'));
    path = join(folder, 'directory.db');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const anItem = (sk: string, body: Item['body'] = {}): Item => ({ pk: 'p', sk, version: 1, body });

  it('keeps what was written when the file is opened again', async () => {
    const first = openSqliteTable(path, systemClock);
    await first.write([{ put: anItem('a', { kept: true }) }, { count: { pk: 'c', sk: 'c' }, by: 3 }]);
    first.close();

    const second = openSqliteTable(path, systemClock);
    expect(await second.get({ pk: 'p', sk: 'a' })).toEqual(anItem('a', { kept: true }));
    expect(await second.getCounts([{ pk: 'c', sk: 'c' }])).toEqual([3]);
    second.close();
  });

  it('leaves no journal beside the file when it is closed', async () => {
    const table = openSqliteTable(path, systemClock);
    await table.write([{ put: anItem('a') }]);
    table.close();

    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  it('writes what is still waiting when it is closed', async () => {
    const table = openSqliteTable(path, systemClock);
    const write = table.write([{ put: anItem('a') }]);
    table.close();

    expect(await write).toEqual({ ok: true });
    const again = openSqliteTable(path, systemClock);
    expect(await again.get({ pk: 'p', sk: 'a' })).toBeDefined();
    again.close();
  });

  it('refuses a file of a newer schema, says what to do and leaves the file alone', () => {
    openSqliteTable(path, systemClock).close();
    const newer = new DatabaseSync(path);
    newer.exec('PRAGMA user_version = 2');
    newer.close();

    expect(() => openSqliteTable(path, systemClock)).toThrow(DirectoryVersionError);
    expect(() => openSqliteTable(path, systemClock)).toThrow(/schema version 2.*knows 1.*newer version/);
    const after = new DatabaseSync(path);
    expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 });
    after.close();
  });

  it('shows one connection at once what another has written', async () => {
    const [server, cli] = [openSqliteTable(path, systemClock), openSqliteTable(path, systemClock)];
    const read = () => cli.get({ pk: 'p', sk: 'a' });
    // Begun before it is written: what is read in one turn of the event loop is read together.
    const [early] = await Promise.all([read(), read(), server.write([{ put: anItem('a') }])]);

    expect(early).toBeUndefined();
    expect(await read()).toBeDefined();
    expect(await cli.write([{ put: anItem('a'), if: 'absent' }])).toMatchObject({ ok: false, failed: 0 });
    server.close();
    cli.close();
  });

  it('writes, alone and together, and sweeps in a turn in which it has read', async () => {
    let now = 1_000_000;
    const table = openSqliteTable(path, { ...systemClock, now: () => now });
    const read = (sk: string) => table.get({ pk: 'p', sk });
    const [, alone] = await Promise.all([read('a'), table.write([{ put: anItem('a'), if: 'absent' }])]);
    now += 60 * 60_000;
    const [found, ...together] = await Promise.all([
      read('a'),
      table.write([{ put: anItem('b') }]),
      table.write([{ put: anItem('c') }, { check: { pk: 'p', sk: 'a' }, if: { version: 1 } }]),
    ]);

    expect([alone, ...together]).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
    expect([found?.sk, (await read('b'))?.sk, (await read('c'))?.sk]).toEqual(['a', 'b', 'c']);
    table.close();
  });

  it('loses no count when two processes write the file at the same time', async () => {
    const script = `
      const { openSqliteTable } = await import(${JSON.stringify(new URL('../../functions/directory/sqlite/table.ts', import.meta.url).href)});
      const table = openSqliteTable(process.argv[1], { now: Date.now });
      for (let i = 0; i < 300; i++) {
        await table.write([
          { put: { pk: process.argv[2], sk: String(i), version: 1, body: {} }, if: 'absent' },
          { count: { pk: 'c', sk: 'c' }, by: 1 },
        ]);
      }
      table.close();`;
    const run = (name: string) =>
      promisify(execFile)(process.execPath, [
        '--no-warnings',
        '--input-type=module',
        '-e',
        script,
        path,
        name,
      ]);
    await Promise.all([run('one'), run('two')]);

    const table = openSqliteTable(path, systemClock);
    expect(await table.getCounts([{ pk: 'c', sk: 'c' }])).toEqual([600]);
    table.close();
  });

  it('keeps each of many parallel calls all or nothing by itself', async () => {
    const table = openSqliteTable(path, systemClock);
    const results = await Promise.all([
      table.write([{ put: anItem('a') }, { put: anItem('taken', { by: 1 }), if: 'absent' }]),
      table.write([{ put: anItem('b') }, { put: anItem('taken', { by: 2 }), if: 'absent' }]),
      table.write([{ put: anItem('taken'), if: 'absent' }]),
      table.write([{ put: anItem('c') }]),
    ]);

    const found = anItem('taken', { by: 1 });
    expect(results).toEqual([
      { ok: true },
      { ok: false, failed: 1, found },
      { ok: false, failed: 0, found },
      { ok: true },
    ]);
    const { items } = await table.query({ pk: 'p', limit: 10 });
    expect(items.map(({ sk }) => sk)).toEqual(['a', 'c', 'taken']);
    table.close();
  });

  it('fails only the call whose body is no JSON, not those that are written with it', async () => {
    const table = openSqliteTable(path, systemClock);
    const results = await Promise.allSettled([
      table.write([{ put: anItem('a') }]),
      table.write([{ put: anItem('b') }, { put: anItem('c', { number: 1n }) }]),
      table.write([{ put: anItem('d') }]),
    ]);

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const { items } = await table.query({ pk: 'p', limit: 10 });
    expect(items.map(({ sk }) => sk)).toEqual(['a', 'd']);
    table.close();
  });

  it('rejects every call of a group when the database fails', async () => {
    const table = openSqliteTable(path, systemClock);
    const other = new DatabaseSync(path);
    other.exec('DROP TABLE items');
    const results = await Promise.allSettled([
      table.write([{ put: anItem('a') }]),
      table.write([{ put: anItem('b') }]),
    ]);

    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    other.close();
    table.close();
  });

  it('sweeps out what has expired, so that the file does not grow for ever', async () => {
    let now = 1_000_000;
    const table = openSqliteTable(path, { ...systemClock, now: () => now });
    await table.write([{ put: { ...anItem('old'), expiresAt: 1_001 } }]);
    now += 60 * 60_000;
    await table.write([{ put: anItem('new') }]);
    table.close();

    const database = new DatabaseSync(path);
    expect(database.prepare('SELECT sk FROM items').all()).toEqual([{ sk: 'new' }]);
    database.close();
  });
});
