import { listen } from '../listener.ts';

/** A request as a provider's API sees it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** Scheme, host and port under which the stand-in was reached. */
  readonly origin: string;
}

export interface Answered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or text that is sent as it is. */
  readonly body?: unknown;
  /** In the place of `body`: a file. */
  readonly bytes?: Uint8Array;
}

/** What can go wrong with a provider, set by a test and gone once it has happened. */
export interface Trouble {
  /** So many of the next calls are throttled, in the vendor's own way. */
  throttle: number;
  /** So many of the next calls fail with 500. */
  fail: number;
  /** So many of the next calls are answered by a page of a proxy. */
  html: number;
  /** After so many calls all are refused: the credentials have run out. */
  expireAfter: number | undefined;
  /** Persons that lists leave out, although they can be read one by one. */
  readonly hidden: Set<string>;
}

/** One stand-in: strict about what it is asked, and counting it. */
export interface StandIn {
  answer(asked: Asked): Answered;
  readonly trouble: Trouble;
  /** Calls by path, without ids. */
  readonly calls: Map<string, number>;
}

export function noTrouble(): Trouble {
  return { throttle: 0, fail: 0, html: 0, expireAfter: undefined, hidden: new Set() };
}

/** What a stand-in says of itself: how its vendor throttles and refuses. */
export interface Manners {
  readonly throttled: (now: number) => Answered;
  readonly unauthorized: Answered;
  readonly isAuthorized: (asked: Asked) => boolean;
  /** The name under which a path is counted; undefined for one that isn't. */
  readonly nameOf: (asked: Asked) => string;
  /** Headers of every answer. */
  readonly usual?: (now: number) => Readonly<Record<string, string>>;
}

/** Puts trouble and counting around what a provider answers. */
export function standIn(now: () => number, manners: Manners, answer: (asked: Asked) => Answered): StandIn {
  const trouble = noTrouble();
  const calls = new Map<string, number>();
  const spent = (what: 'throttle' | 'fail' | 'html'): boolean => {
    if (trouble[what] === 0) return false;
    trouble[what] -= 1;
    return true;
  };
  return {
    trouble,
    calls,
    answer: (asked) => {
      const name = manners.nameOf(asked);
      calls.set(name, (calls.get(name) ?? 0) + 1);
      if (!manners.isAuthorized(asked)) return manners.unauthorized;
      if (trouble.expireAfter !== undefined) {
        if (trouble.expireAfter === 0) return manners.unauthorized;
        trouble.expireAfter -= 1;
      }
      if (spent('throttle')) return manners.throttled(now());
      if (spent('fail')) return { status: 500, body: { errorSummary: 'Internal Server Error' } };
      if (spent('html'))
        return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html></html>' };
      const answered = answer(asked);
      return { ...answered, headers: { ...manners.usual?.(now()), ...answered.headers } };
    },
  };
}

/** Texts that stand for a place in a list; a vendor forgets them after a while. */
export class Cursors<Place> {
  readonly #places = new Map<string, Place>();
  #made = 0;

  make(place: Place): string {
    this.#made += 1;
    const text = `c${this.#made}x${(this.#made * 7919).toString(36)}`;
    this.#places.set(text, place);
    return text;
  }

  /** Undefined for one that was never made, or is forgotten. */
  at(text: string): Place | undefined {
    return this.#places.get(text);
  }

  expire(): void {
    this.#places.clear();
  }
}

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a stand-in by HTTP on this machine; `port` 0 takes a free one. */
export async function serveStandIn(provider: Pick<StandIn, 'answer'>, port = 0): Promise<Served> {
  const listener = await listen({ port }, async ({ method, url, headers, body }, response) => {
    const origin = `http://${headers.host ?? ''}`;
    const { pathname, searchParams } = new URL(url, origin);
    const answered = provider.answer({ method, path: pathname, query: searchParams, headers, body, origin });
    response.writeHead(answered.status, { 'content-type': 'application/json', ...answered.headers });
    response.end(answered.bytes ?? textOf(answered));
  });
  return { url: `http://127.0.0.1:${listener.port}`, close: () => listener.close() };
}

export function textOf({ body }: Answered): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** What a call of the product's own transport is to a stand-in. */
export function askedBy(request: {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}): Asked {
  const { origin, pathname, searchParams } = new URL(request.url);
  return {
    method: request.method,
    path: pathname,
    query: searchParams,
    headers: request.headers,
    body: request.body ?? '',
    origin,
  };
}
