import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `npm run test:runtime`: the tests beside this file, under AWS's own runtime (aws-lambda-ric). It is compiled when it is
 * installed, the first time, which takes a minute, g++, cmake, autoconf and libtool.
 */
const ric = join(import.meta.dirname, 'ric');
const BINARY = 'node_modules/aws-lambda-ric/rapid-client.node';

if (!existsSync(join(ric, BINARY))) {
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: ric, stdio: 'inherit' });
}
const { status } = spawnSync('vitest', ['run', 'test/lambda'], {
  cwd: join(import.meta.dirname, '../..'),
  env: { ...process.env, LAMBDA_RUNTIME: 'aws' },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
