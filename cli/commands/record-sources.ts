import { SCIM } from '../../functions/events/links.ts';
import type { SourceOfRecord } from '../../functions/operate/people/sources.ts';

const STATUS = { in: 'in service', out: 'out of service', gone: 'deleted' } as const;

/** Nothing of a person whom SCIM alone knows: the history says it all. */
export function sourceLines(sources: readonly SourceOfRecord[]): string[] {
  const [only, another] = sources;
  if (another === undefined && only?.source === SCIM) return [];
  return sources.flatMap(({ source, ids, status, since, attributes }) => [
    `${source}${ids.length === 0 ? '' : ` (${ids.join(', ')})`}: ${STATUS[status]}${since === undefined ? '' : ` since ${since}`}`,
    `  gave ${attributes.length === 0 ? 'no attribute' : attributes.join(', ')}`,
  ]);
}
