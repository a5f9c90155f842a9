import { type Transport, TransportError } from '../../functions/runtime/transport.ts';
import type { Simulator } from '../../local/simulator/interface.ts';
import { routeOf } from '../../local/simulator/route.ts';
import type { JoinerWatch } from './beside/joiners.ts';
import type { Dice } from './dice.ts';
import type { Machine } from './machine.ts';
import type { RetryAfterWatch } from './services/retry-after.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Weather } from './weather.ts';
import type { Witness } from './witness.ts';

/** The way from one machine to SmartAssist: it takes time, and it can break at either end. */
export function network(options: {
  readonly machine: Machine;
  readonly simulator: Simulator;
  readonly witness: Witness;
  readonly retryAfter: RetryAfterWatch;
  readonly joiners: JoinerWatch | undefined;
  readonly dice: Dice;
  /** Of its own, so that what arrives late doesn't decide what else happens. */
  readonly lateDice: Dice;
  readonly time: VirtualTime;
  readonly weather: () => Weather;
}): Transport {
  const { machine, simulator, witness, retryAfter, joiners, dice, lateDice, time, weather } = options;
  return async (request) => {
    const { clock } = machine;
    const path = request.url.replace(/^https?:\/\/[^/]+/, '');
    const route = routeOf(request.method, path.replace(/\?.*/, ''), simulator.streamId);
    if (dice.chance(weather().unreachable)) {
      await clock.sleep(dice.whole(1, 2_000));
      throw new TransportError('connection', false, 'ECONNREFUSED');
    }
    const sentAt = clock.now();
    const to = path.startsWith('/api/public/') ? 'admin' : 'contact centre';
    witness.sent(to);
    retryAfter.sent(to);
    if (joiners !== undefined && appOf(request.headers.auth) === OWN_APP) joiners.sent();
    const arrive = async () => {
      witness.arrives(route?.operation, route?.id ?? '', request.body);
      const { answer } = await simulator.deliver({
        method: request.method,
        url: path,
        headers: Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
        ),
        body: request.body ?? '',
      });
      witness.answered(route?.operation, route?.id ?? '', answer);
      return answer;
    };
    if (request.method === 'PUT' && lateDice.chance(weather().appliedLate)) {
      const lateMs = request.timeoutMs + lateDice.whole(0, LATE_MS);
      time.after(lateMs, () => void witness.arrivesLate(`${request.method} ${path}`, arrive));
      await clock.sleep(request.timeoutMs);
      throw new TransportError('timeout', true, `no answer within ${request.timeoutMs} ms`);
    }
    // A call that makes an agent is on its way for less than the shortest time limit: done after its caller has looked
    // for the agent, it would make a second one.
    const answer = await machine.wait({
      what: `call ${request.method} ${path}`,
      latencyMs: dice.whole(5, 150),
      work: arrive,
    });
    const left = request.timeoutMs - (clock.now() - sentAt);
    const { answerIsSlow, answerMs } = weather();
    const back = dice.chance(answerIsSlow) ? dice.whole(300, 20_000) : dice.whole(...answerMs);
    if (answer.kind === 'hang' || back >= left) {
      await clock.sleep(left);
      throw new TransportError('timeout', true, `no answer within ${request.timeoutMs} ms`);
    }
    await clock.sleep(back);
    if (answer.kind === 'drop') throw new TransportError('connection', true, 'ECONNRESET');
    retryAfter.answered(to, answer.headers, weather());
    return { status: answer.status, headers: answer.headers, body: answer.body };
  };
}

/** How long after its caller has given up a change may be applied. */
const LATE_MS = 90_000;

/** The app of the tenant that the world is about. */
const OWN_APP = 'cs-1';

/** Whose call it is, as its token says. */
function appOf(token: string | undefined): unknown {
  const payload = token?.split('.')[1] ?? '';
  return payload === '' ? undefined : JSON.parse(Buffer.from(payload, 'base64url').toString()).appId;
}
