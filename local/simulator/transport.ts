import type { Clock } from '../../functions/runtime/clock.ts';
import { type Transport, TransportError } from '../../functions/runtime/transport.ts';
import type { Simulator } from './interface.ts';

/**
 * Calls to a simulator in the same process, on its clock: the same answers and errors as over the network. A connection
 * that is cut and a time limit that is over are `sent`: the caller can't know whether the call was applied.
 */
export function transportTo(simulator: Simulator, clock: Clock, host: string | undefined): Transport {
  return async (request) => {
    const url = new URL(request.url);
    if (host !== undefined && url.host !== host) throw new TransportError('connection', false, 'ENOTFOUND');
    const { answer, afterMs } = await simulator.deliver({
      method: request.method,
      url: `${url.pathname}${url.search}`,
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      body: request.body ?? '',
    });
    if (answer.kind === 'hang' || afterMs >= request.timeoutMs) {
      await clock.sleep(request.timeoutMs);
      throw new TransportError('timeout', true, `no answer within ${request.timeoutMs} ms`);
    }
    if (afterMs > 0) await clock.sleep(afterMs);
    if (answer.kind === 'drop') throw new TransportError('connection', true, 'ECONNRESET');
    return { status: answer.status, headers: answer.headers, body: answer.body };
  };
}
