import type { Directory } from '../../directory/directory.ts';
import type { PersonRecord } from '../../directory/record.ts';
import { ownerOf } from '../agent-index.ts';
import { hasAgent } from './presence.ts';

const FORMER = 'former';

/**
 * Remembers that a tenant has agents of persons who were erased. Which ones is nobody's to know any more; who comes back
 * with the same Custom ID gets the agent that is there, which only a look-up by it finds.
 */
export async function noteFormer(directory: Directory, record: PersonRecord): Promise<void> {
  if (hasAgent(record)) await directory.writeDocument(ownerOf(record.tenant), FORMER, { are: 'there' });
}

/** Whether agents of erased persons may be there. */
export async function mayBeFormer(directory: Directory, tenant: string): Promise<boolean> {
  return (await directory.readDocument(ownerOf(tenant), FORMER)) !== undefined;
}
