import { Readable } from 'node:stream';
import { main } from '../../cli/main.ts';

/**
 * A process that has loaded the command line and runs one command after the other, each with standard streams and an
 * environment of its own: starting Node and loading the code takes longer than most commands do.
 */
export interface Command {
  readonly argv: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly input: string | Uint8Array;
}

const bare = { ...process.env };

async function perform({ argv, environment, input }: Command) {
  process.env = { ...bare, ...environment };
  process.exitCode = undefined;
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  Object.defineProperty(process, 'stdin', {
    value: Readable.from(bytes.length === 0 ? [] : [bytes]),
    configurable: true,
  });
  const text = { stdout: '', stderr: '' };
  const restore = (['stdout', 'stderr'] as const).map((name) => {
    const stream = process[name];
    const { write } = stream;
    stream.write = ((chunk: string | Uint8Array) => {
      text[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      return true;
    }) as typeof write;
    return () => {
      stream.write = write;
    };
  });
  try {
    await main(argv);
  } finally {
    for (const each of restore) each();
  }
  return { code: Number(process.exitCode ?? 0), ...text };
}

process.on('message', (command: Command) => {
  void perform(command).then((ended) => process.send?.(ended));
});
process.on('disconnect', () => process.exit());
