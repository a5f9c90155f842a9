import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { traceReaders } from '../../infra/trace.ts';
import { ROOT, resourceOf, SHIPPED, synthesiseWithCode } from './synthesis.ts';

describe('a stack trace of a deployed function', { timeout: 120_000 }, () => {
  it('names file and line of the source, once it has gone through npm run trace', () => {
    const deployed = synthesiseWithCode(SHIPPED);
    const { Code } = resourceOf(deployed.template, 'AWS::Lambda::Function', 'Drain').Properties;
    const bundle = join(deployed.directory, `asset.${Code.S3Key.replace(/\.zip$/, '')}`, 'index.js');
    // As it begins without its environment: the error comes from deep within the bundle.
    const { stderr } = spawnSync(process.execPath, [bundle], { encoding: 'utf8', env: {} });
    deployed.dispose();
    const trace = stderr.slice(stderr.indexOf('Error: the environment variable'));
    expect(trace).toMatch(/index\.js:\d+:\d+/);

    const readable = traceReaders().get('Drain')?.(trace) ?? '';
    expect(readable).not.toContain('index.js');
    const [, line = '0'] = /functions\/lambda\/services\.ts:(\d+):\d+/.exec(readable) ?? [];
    const source = readFileSync(join(ROOT, 'functions/lambda/services.ts'), 'utf8').split('\n');
    expect(source[Number(line) - 1]).toContain('is missing`');
    expect(readable).toMatch(/functions\/lambda\/drain\.ts:\d+:\d+/);
  });
});
