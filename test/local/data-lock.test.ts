import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DataInUseError, lockData } from '../../local/data/data-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agent-provisioner-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('says which process has the folder', () => {
  writeFileSync(join(folder, 'lock'), `${process.ppid}\n`);
  expect(() => lockData(folder)).toThrow(DataInUseError);
  expect(() => lockData(folder)).toThrow(
    `is in use by process ${process.ppid}: end it, or name another folder`,
  );
});

it('takes a folder that a dead process left, and leaves nothing behind itself', () => {
  writeFileSync(join(folder, 'lock'), '999999999\n');
  lockData(folder)();
  expect(readdirSync(folder)).toEqual([]);
});
