import { AsyncLocalStorage } from 'node:async_hooks';
import type { Directory } from '../../functions/directory/directory.ts';
import type { HistoryEntry } from '../../functions/directory/history.ts';
import { compact } from '../../functions/runtime/compact.ts';
import { printable } from '../../functions/runtime/printable.ts';
import type { Transport } from '../../functions/runtime/transport.ts';
import { AGENT_EXTENSION } from '../../functions/scim-core/schema.ts';
import type { HttpFunction } from '../gateway.ts';

/** Calls to SmartAssist that a request has caused. */
interface Counted {
  calls: number;
  /** It is answered; what it has set off goes on by itself. */
  isOver?: true;
}

/** One line a request, with what became of it, and one for each agent that is worked on outside of requests. */
export interface RequestLines {
  /** The functions behind addresses, each request of theirs told in a line. */
  around(route: (path: string) => HttpFunction | undefined): (path: string) => HttpFunction | undefined;
  /** A transport whose calls to SmartAssist count for the request that they are made in. */
  counting(transport: Transport, isSmartAssist: (url: string) => boolean): Transport;
  /** A directory that tells of attempts at agents as it keeps them. */
  listening(directory: Directory): Directory;
}

/** What is done to agents, as histories have it; all else of a history is an operator's decision. */
const ATTEMPTS = new Set([
  ...['created', 'updated', 'adopted', 'resumed', 'suspended', 'removed'],
  ...['invalid', 'refused', 'taken', 'held', 'postponed'],
]);
/** What no identity provider sends. */
const UNTOLD = /^\/(health$|$|[^/]+\/console(\/|$))/;
const ADDRESS = /^\/[^/]*(\/scim\/v2)?\/?/;

/** @param write takes a line and the tenant that it is of */
export function openRequestLines(write: (line: string, tenant: string) => void): RequestLines {
  const current = new AsyncLocalStorage<Counted>();
  const told = (text: string, tenant: string) => write(printable(text), tenant);
  return {
    around: (route) => (path) => {
      const serve = route(path);
      if (serve === undefined || UNTOLD.test(path)) return serve;
      return async (event, context) => {
        const counted: Counted = { calls: 0 };
        const began = performance.now();
        const result = await current.run(counted, () => serve(event, context));
        counted.isOver = true;
        const body = answerIn(result.statusCode ?? 200, result.body ?? '');
        const words = [
          event.requestContext.http.method,
          path.replace(ADDRESS, '') || path,
          nameIn(body) ?? nameIn(objectIn(event.body)) ?? '',
          String(result.statusCode ?? 200),
          outcomeIn(body),
          `${Math.round(performance.now() - began)} ms`,
        ];
        const calls = counted.calls === 0 ? '' : `, ${counted.calls} call${counted.calls === 1 ? '' : 's'}`;
        const detail = (result.statusCode ?? 200) >= 400 ? detailIn(body) : undefined;
        told(
          `${words.filter((word) => word !== '').join(' ')}${calls}${detail === undefined ? '' : `: ${detail}`}`,
          path.split('/')[1] ?? '',
        );
        return result;
      };
    },
    counting: (transport, isSmartAssist) => (request) => {
      const counted = current.getStore();
      if (counted !== undefined && isSmartAssist(request.url)) counted.calls += 1;
      return transport(request);
    },
    listening: (directory) => ({
      ...directory,
      appendHistory: async (tenant, of, entry, days) => {
        await directory.appendHistory(tenant, of, entry, days);
        const request = current.getStore();
        if ((request !== undefined && request.isOver === undefined) || !ATTEMPTS.has(String(entry.what)))
          return;
        const record = await directory.readPerson(tenant, of);
        if (record !== undefined) told(agentLine(record.person.userName, entry), tenant);
      },
    }),
  };
}

function agentLine(userName: string, { what, calls, message, problems }: HistoryEntry): string {
  const made = Array.isArray(calls) ? calls.length : 0;
  const why = message ?? (Array.isArray(problems) ? problems.join('; ') : undefined);
  const by = made === 0 ? '' : ` ${made} call${made === 1 ? '' : 's'}`;
  return `agent ${userName} ${String(what)}${by}${why === undefined ? '' : `: ${String(why)}`}`;
}

type Json = Readonly<Record<string, unknown>>;

/** A list has neither name nor state, and is long. */
const LIST = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"]';

/** What of an answer is told. Of a resource two words are wanted, and reading them costs less than reading all of it. */
function answerIn(status: number, body: string): Json {
  if (body.startsWith(LIST)) return {};
  if (status >= 400) return objectIn(body);
  const state = textOf(/"provisioning":\{"state":("\w+")/, body);
  return compact({
    userName: textOf(/"userName":("(?:[^"\\]|\\.)*")/, body),
    displayName: textOf(/"displayName":("(?:[^"\\]|\\.)*")/, body),
    [AGENT_EXTENSION.id]: state === undefined ? undefined : { provisioning: { state } },
  });
}

function textOf(pattern: RegExp, body: string): string | undefined {
  const found = pattern.exec(body)?.[1];
  return found === undefined ? undefined : (JSON.parse(found) as string);
}

function objectIn(text: string | undefined): Json {
  if (text === undefined || text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Json) : {};
  } catch {
    return {};
  }
}

function nameIn({ userName, displayName }: Json): string | undefined {
  const name = userName ?? displayName;
  return typeof name === 'string' ? name : undefined;
}

/** Where the agent stands, or which kind of refusal it is. */
function outcomeIn(body: Json): string {
  const { provisioning } = (body[AGENT_EXTENSION.id] ?? {}) as { provisioning?: Json };
  const { state, scimType } = compact({ state: provisioning?.state, scimType: body.scimType });
  return String(state ?? scimType ?? '');
}

function detailIn({ detail, message }: Json): string | undefined {
  const text = detail ?? message;
  return typeof text === 'string' ? text : undefined;
}
