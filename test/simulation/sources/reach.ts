import { type Transport, TransportError } from '../../../functions/runtime/transport.ts';
import { askedBy, textOf } from '../../../local/providers/stand-in.ts';
import type { Dice } from '../dice.ts';
import type { Machine } from '../machine.ts';
import type { Vendor } from './vendor.ts';

/** The way from one machine to the API of a source; undefined for a request to another host. */
export function reach(options: {
  readonly machine: Machine;
  readonly vendors: readonly Vendor[];
  readonly dice: Dice;
  /** How likely a call breaks. */
  readonly breaks: () => number;
}): (request: Parameters<Transport>[0]) => ReturnType<Transport> | undefined {
  const { machine, vendors, dice, breaks } = options;
  const call = async (
    { api }: Vendor,
    request: Parameters<Transport>[0],
  ): Promise<Awaited<ReturnType<Transport>>> => {
    const isBroken = dice.chance(breaks());
    const answered = await machine.wait({
      what: `call ${request.url.slice(0, 120)}`,
      latencyMs: dice.whole(20, 400),
      work: async () => api.answer(askedBy(request)),
    });
    if (isBroken) throw new TransportError('connection', true, 'ECONNRESET');
    return { status: answered.status, headers: answered.headers ?? {}, body: textOf(answered) };
  };
  return (request) => {
    const { host } = new URL(request.url);
    const vendor = vendors.find((each) => each.host === host);
    return vendor === undefined ? undefined : call(vendor, request);
  };
}
