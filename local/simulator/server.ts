import { listen } from '../listener.ts';
import type { Simulator } from './interface.ts';

export interface ServeOptions {
  readonly host?: string;
  /** 0: one that is free. */
  readonly port: number;
}

export interface SimulatorServer {
  readonly port: number;
  /** Ends at once, whatever is still open. */
  close(): Promise<void>;
}

/** The simulator on a port. Latency is real time here, whatever the simulator's clock: so are its callers' limits. */
export async function serveSimulator(simulator: Simulator, options: ServeOptions): Promise<SimulatorServer> {
  const waiting = new Set<NodeJS.Timeout>();
  const listener = await listen(options, async (request, response) => {
    const { answer, afterMs } = await simulator.deliver(request);
    if (answer.kind === 'hang') return;
    const timer = setTimeout(() => {
      waiting.delete(timer);
      if (answer.kind === 'drop') response.destroy();
      else response.writeHead(answer.status, answer.headers).end(answer.body);
    }, afterMs);
    waiting.add(timer);
  });
  return {
    port: listener.port,
    close() {
      for (const timer of waiting) clearTimeout(timer);
      waiting.clear();
      return listener.close();
    },
  };
}
