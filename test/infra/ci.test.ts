import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from './synthesis.ts';

/** A clone in which `npm` is a script of the test's own. */
let clone: string;
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'provisioner-ci-'));
  cpSync(join(ROOT, '.ci'), join(clone, '.ci'), { recursive: true });
});
afterEach(() => rmSync(clone, { recursive: true }));

const COUNTS = { numPassedTests: 12, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };

describe('.ci/run', () => {
  it('runs npm ci and npm test, and ends with the numbers of the runner', () => {
    const { status, lastLine } = ciRun({ result: COUNTS });
    expect({ status, lastLine }).toEqual({ status: 0, lastLine: '12 passed, 0 failed' });
    expect(readFileSync(join(clone, 'npm.log'), 'utf8')).toBe('ci\ntest\nrun test:browser\n');
  });

  it('fails when a test fails, and says how many', () => {
    const result = { ...COUNTS, numFailedTests: 3, numPendingTests: 1, numTodoTests: 1 };
    const { status, lastLine } = ciRun({ result, status: 2 });
    expect({ status, lastLine }).toEqual({ status: 2, lastLine: '12 passed, 3 failed, 2 skipped' });
  });

  it('fails when the tests pass but did not reach DynamoDB Local', () => {
    const { status, lastLine } = ciRun({ result: COUNTS, prints: `DynamoDB Local: ${'skipped'} (no Java)` });
    expect({ status, lastLine }).toEqual({ status: 1, lastLine: '12 passed, 0 failed' });
  });

  it('fails when the tests pass but did not reach a browser, or one in a browser fails', () => {
    const skipped = ciRun({ result: COUNTS, prints: `Browser tests: ${'skipped'}, there is no Chromium` });
    expect(skipped).toMatchObject({ status: 1, lastLine: '12 passed, 0 failed' });
    expect(ciRun({ result: COUNTS, browser: 1 })).toMatchObject({
      status: 1,
      lastLine: '12 passed, 0 failed',
    });
  });

  it('fails without numbers when no test ran, and takes none from an earlier run', () => {
    mkdirSync(join(clone, '.data'));
    writeFileSync(join(clone, '.data/test-result.json'), JSON.stringify(COUNTS));
    const { status, stdout } = ciRun({ status: 1 });
    expect(status).toBe(1);
    expect(stdout).not.toContain('passed');
  });

  it('fails when the install fails, and does not test', () => {
    const { status } = ciRun({ result: COUNTS, install: 7 });
    expect(status).toBe(7);
    expect(existsSync(join(clone, '.data/test-result.json'))).toBe(false);
  });
});

interface Outcome {
  readonly result?: typeof COUNTS;
  readonly prints?: string;
  readonly status?: number;
  readonly install?: number;
  readonly browser?: number;
}

/** Runs the script from another folder, with stdin closed. */
function ciRun({ result, prints = '', status = 0, install = 0, browser = 0 }: Outcome) {
  const written = result && `echo '${JSON.stringify(result)}' > .data/test-result.json`;
  const npm = `#!/usr/bin/env bash
    echo "$*" >> npm.log
    [ "$1" = ci ] && exit ${install}
    [ "$1" = run ] && exit ${browser}
    echo '${prints}'
    ${written ?? ''}
    exit ${status}
  `;
  writeFileSync(join(clone, 'npm'), npm);
  chmodSync(join(clone, 'npm'), 0o755);
  // So that none is installed.
  writeFileSync(join(clone, 'chromium'), '#!/bin/sh\n');
  chmodSync(join(clone, 'chromium'), 0o755);
  const run = spawnSync('bash', ['-c', `bash '${clone}/.ci/run' <&-`], {
    cwd: tmpdir(),
    encoding: 'utf8',
    env: { ...process.env, CI: 'true', PATH: [clone, process.env.PATH].join(delimiter) },
  });
  return { status: run.status, stdout: run.stdout, lastLine: run.stdout.trimEnd().split('\n').at(-1) };
}
