import type { PersonRecord } from '../../directory/record.ts';

/** Whether a person's agent is there, as far as it is known. */
export function hasAgent({ agent: { presence } }: Pick<PersonRecord, 'agent'>): boolean {
  return presence === 'active' || presence === 'suspended';
}
