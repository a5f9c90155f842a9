import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { App, Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { loadConfiguration } from '../functions/mapping/load.ts';
import { functionName, ProvisionerFunction, SOURCE_MAPS } from './functions/function.ts';
import { readSettings } from './settings.ts';
import { ProvisionerStack } from './stack.ts';

const ROOT = resolve(import.meta.dirname, '..');

/** A text with each position in a bundle replaced by file, line and column of the source. */
export type Readable = (trace: string) => string;

/** What makes the traces of one function readable, and the names of all that there are. */
export interface TraceReader {
  /** None where no function has the name. */
  readonly readable: Readable | undefined;
  readonly functions: readonly string[];
}

/**
 * Bundles a function once more as it is deployed from this checkout, with source maps beside it. The code is the same to the
 * byte, so positions in a trace of the deployed function are positions here.
 *
 * @param name the function's (`Scim`, `Drain`, …)
 */
export function traceReader(name: string, context: Readonly<Record<string, unknown>> = {}): TraceReader {
  const { context: flags } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'));
  const outdir = realpathSync(mkdtempSync(join(tmpdir(), 'provisioner-trace-')));
  try {
    const app = new App({
      outdir,
      context: { ...flags, ...context, [SOURCE_MAPS]: name },
      autoSynth: false,
      analyticsReporting: false,
    });
    const settings = readSettings(app.node);
    const configuration = loadConfiguration(
      readFileSync(resolve(ROOT, settings.configuration), 'utf8'),
      settings.configuration,
    );
    const stack = new ProvisionerStack(app, settings.stackName, { ...settings, configuration });
    const functions = stack.node.findAll().filter((each) => each instanceof ProvisionerFunction);
    const named = functions.find((each) => functionName(each) === name);
    return {
      readable: named && readerOf(join(outdir, assetOf(named))),
      functions: functions.map(functionName),
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The folder of a function's code in the cloud assembly. */
function assetOf(named: ProvisionerFunction): string {
  const code = named.node.findAll().find((each) => CfnFunction.isCfnFunction(each));
  const { s3Key }: { s3Key: string } = Stack.of(named).resolve(code?.code);
  return `asset.${s3Key.replace(/\.zip$/, '')}`;
}

function readerOf(asset: string): Readable {
  const maps = new Map(
    readdirSync(asset)
      .filter((name) => name.endsWith('.js.map'))
      .map((name) => [
        name.replace(/\.map$/, ''),
        new SourceMap(JSON.parse(readFileSync(join(asset, name), 'utf8'))),
      ]),
  );
  return (trace) =>
    trace.replaceAll(
      /[\w./-]*?([\w-]+\.js):(\d+):(\d+)/g,
      (position, file: string, line: string, column: string) => {
        const entry = maps.get(file)?.findEntry(Number(line) - 1, Number(column) - 1);
        if (entry === undefined || !('originalSource' in entry)) return position;
        const source = relative(ROOT, resolve(asset, entry.originalSource));
        return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
      },
    );
}

// `npm run trace -- Scim < trace.txt`
if (import.meta.main) {
  const [name = ''] = process.argv.slice(2);
  const { readable, functions } = traceReader(name);
  if (readable === undefined) {
    console.error(`npm run trace -- <function> < trace.txt; functions: ${functions.join(', ')}`);
    process.exitCode = 2;
  } else {
    // A line of the log has the trace as JSON has it.
    process.stdout.write(readable((await text(process.stdin)).replaceAll('\\n', '\n')));
  }
}
