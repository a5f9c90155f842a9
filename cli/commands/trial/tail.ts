import { runningServer } from '../../../local/data/running-server.ts';
import { type CommandContext, readConfiguration } from '../../command-context.ts';
import { CommandFailure } from '../../failure.ts';
import type { Output } from '../../output.ts';
import { lineFilter } from '../../tail/line-filter.ts';
import { localLines } from '../../tail/local-lines.ts';

export interface TailOptions {
  readonly status?: string;
  readonly search?: string;
}

/** `tail`: what happens, line by line, until Ctrl-C: from the local server, or from the logs of a deployed stack. */
export async function tail(
  context: CommandContext,
  options: TailOptions,
  output: Output,
): Promise<undefined> {
  const isMeant = lineFilter(options);
  const { tenants } = readConfiguration(context);
  if (context.tenant !== undefined && !Object.hasOwn(tenants, context.tenant)) {
    throw new CommandFailure(
      `there is no tenant ${context.tenant} in ${context.configuration}; it has ${Object.keys(tenants).join(', ')}`,
    );
  }
  const over = new AbortController();
  const end = () => over.abort();
  process.once('SIGINT', end).once('SIGTERM', end);
  try {
    const lines =
      context.table === undefined
        ? await localLines(localServer(context), over.signal)
        : await (await import('../../tail/live-tail.ts')).liveTail(
            context.table,
            context.tenant,
            over.signal,
          );
    output.note('Ctrl-C ends it.');
    for await (const { tenant, text } of lines) {
      if (context.tenant !== undefined && tenant !== context.tenant) continue;
      if (!isMeant(text)) continue;
      const isTold = Object.keys(tenants).length > 1 && tenant !== undefined && context.tenant === undefined;
      output.row({ tenant, text });
      output.line(isTold ? `${tenant}  ${text}` : text);
    }
    if (!over.signal.aborted) output.note('What was listened to has ended.');
    return undefined;
  } catch (error) {
    if (over.signal.aborted) return undefined;
    throw error;
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
  }
}

function localServer({ dataDir }: CommandContext): { readonly url: string; readonly key: string } {
  const server = runningServer(dataDir)?.lines;
  if (server !== undefined) return server;
  throw new CommandFailure(
    `no server runs on ${dataDir}: npm start, with the same DATA_DIR, is one; --table names a deployed directory`,
  );
}
