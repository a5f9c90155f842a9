import { isObject } from '../../functions/scim-core/resource/resource.ts';
import { valueText } from '../output.ts';
import type { TailedLine } from './tailed-line.ts';

/** What is told of each line anyway, or of none. */
const UNTOLD = new Set([
  'level',
  'message',
  'timestamp',
  'service',
  'tenant',
  '_aws',
  'correlationId',
  'requestId',
]);

/** A line of a function's log, as its text is told; undefined of metrics and of what Lambda itself writes. */
export function lineOf(printed: string): TailedLine | undefined {
  const start = printed.indexOf('{');
  const json = start === -1 ? undefined : parsed(printed.slice(start));
  if (!isObject(json)) return printed.trim() === '' ? undefined : { tenant: undefined, text: printed.trim() };
  const { level, message, timestamp, tenant, correlationId } = json;
  if ('_aws' in json || typeof message !== 'string') return undefined;
  const rest = Object.entries(json)
    .filter(([name]) => !UNTOLD.has(name))
    .map(([name, value]) => `${name} ${valueText(value)}`);
  const words = [timestamp, String(level ?? '').toLowerCase(), message, ...rest];
  const id = typeof correlationId === 'string' ? [`(${correlationId.slice(0, 8)})`] : [];
  return {
    tenant: typeof tenant === 'string' ? tenant : undefined,
    text: [...words, ...id].filter((word) => word !== undefined && word !== '').join(' '),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
