import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Dice } from '../dice.ts';
import type { Installation } from '../installation.ts';
import type { Platform } from '../platform.ts';
import { TENANT } from '../scim-call.ts';
import type { Trace } from '../trace.ts';
import type { VirtualTime } from '../virtual-time.ts';
import type { Word } from './account.ts';
import type { SourceVariety } from './variety.ts';
import type { Delivery } from './vendor.ts';

const HOUR_MS = 60 * 60_000;
const TIMEOUT_MS = 10_000;
/** Pauses between a sender's tries; after the last one it gives up. */
const RETRIES_MS = [5_000, 30_000, 60_000, 5 * 60_000, 15 * 60_000, HOUR_MS];

/**
 * Brings events to the webhook door as providers do: not in their order, some twice, some late by up to a day, again when
 * they aren't answered; and some never.
 */
export class Courier {
  readonly #time: VirtualTime;
  readonly #dice: Dice;
  readonly #trace: Trace;
  readonly #variety: SourceVariety;
  readonly #platform: () => Platform<Installation>;
  #underWay = 0;
  readonly #refused: string[] = [];

  constructor(options: {
    readonly time: VirtualTime;
    readonly dice: Dice;
    readonly trace: Trace;
    readonly variety: SourceVariety;
    readonly platform: () => Platform<Installation>;
  }) {
    this.#time = options.time;
    this.#dice = options.dice;
    this.#trace = options.trace;
    this.#variety = options.variety;
    this.#platform = options.platform;
  }

  /** Events whose proof was not taken, which was right each time. */
  get refused(): readonly string[] {
    return this.#refused;
  }

  /** Nothing is on its way any more. */
  get isQuiet(): boolean {
    return this.#underWay === 0;
  }

  /** @param taken hears of each request of an event that was answered with success, and when the first one left */
  send(source: string, delivery: Delivery, taken: (word: Word) => void): void {
    const { loses, doubles } = this.#variety;
    if (this.#dice.chance(loses)) {
      this.#trace.note(source, `${delivery.what} is lost`);
      return;
    }
    let firstAt = Number.POSITIVE_INFINITY;
    const bring = async () => {
      for (const wait of [...RETRIES_MS, undefined]) {
        firstAt = Math.min(firstAt, this.#time.now());
        const status = await this.#request(source, delivery);
        if (status !== undefined && status < 300) {
          const { isWhole, happenedAt } = delivery;
          const asOf = isWhole ? happenedAt : firstAt;
          return taken({ asOf, leftAt: firstAt, answeredAt: this.#time.now(), isWhole });
        }
        if (wait === undefined) return this.#trace.note(source, `${delivery.what} is given up`);
        await this.#time.sleep(wait);
      }
    };
    for (let copies = this.#dice.chance(doubles) ? 2 : 1; copies > 0; copies -= 1) {
      this.#underWay += 1;
      this.#time.after(this.#delay(), () => {
        void bring().then(() => {
          this.#underWay -= 1;
        });
      });
    }
  }

  #delay(): number {
    if (this.#dice.chance(this.#variety.delays)) return this.#dice.whole(0, 24 * HOUR_MS);
    return this.#dice.chance(0.8) ? this.#dice.whole(50, 5_000) : this.#dice.whole(0, HOUR_MS);
  }

  async #request(source: string, delivery: Delivery): Promise<number | undefined> {
    const { headers, body } = delivery.request(this.#time.now());
    const event = eventOf(`/${TENANT}/hooks/${source}`, headers, body);
    const ended = await this.#platform().invoke('webhook', TIMEOUT_MS, (host, context) =>
      host.webhook(event, context),
    );
    const status = ended.ended === 'answered' ? (ended.value.statusCode ?? 0) : undefined;
    this.#trace.note(source, `${delivery.what} → ${status ?? ended.ended}`);
    if (status === 401) this.#refused.push(`${source} was answered 401: ${delivery.what}`);
    return status;
  }
}

function eventOf(
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): APIGatewayProxyEventV2 {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { 'content-type': 'application/json', ...headers },
    requestContext: {
      accountId: '000000000000',
      apiId: 'simulated',
      domainName: 'hooks.example',
      domainPrefix: 'hooks',
      http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.2', userAgent: 'simulation' },
      requestId: 'simulated',
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    isBase64Encoded: false,
    body,
  };
}
