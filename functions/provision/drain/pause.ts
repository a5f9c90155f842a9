import type { Directory } from '../../directory/directory.ts';
import type { DocumentForm } from '../../directory/documents.ts';
import { readForm } from '../../directory/documents.ts';
import { compact } from '../../runtime/compact.ts';
import { oneLine } from '../../runtime/printable.ts';

/** An operator stopped the calls of a tenant to SmartAssist: the doors go on, and what they store stays due. */
export interface Pause {
  /** ISO 8601. */
  readonly since: string;
  readonly by: string;
  readonly reason?: string;
}

export const PAUSE_DOCUMENT: DocumentForm<{ readonly pause?: Pause }> = {
  name: 'pause',
  parse: (body) => {
    const { pause } = (body ?? {}) as { pause?: Partial<Pause> };
    if (pause === undefined || typeof pause.since !== 'string') return {};
    const { since, by = '', reason } = pause;
    return { pause: { since, by, ...compact({ reason }) } };
  },
};

export async function readPause(
  directory: Pick<Directory, 'readDocument'>,
  tenant: string,
): Promise<Pause | undefined> {
  return (await readForm(directory, tenant, PAUSE_DOCUMENT)).pause;
}

/** As one sentence: `Paused since … by …: …`. */
export function pauseText({ since, by, reason }: Pause): string {
  const words = reason === undefined ? '' : `: ${oneLine(reason)}`;
  return `Paused since ${since} by ${oneLine(by)}${words}${/[.!?]$/.test(words) ? '' : '.'}`;
}
