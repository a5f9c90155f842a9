import type { Directory } from '../../directory/directory.ts';
import { type DocumentForm, objectOf, readForm } from '../../directory/documents.ts';

/** What `doctor --probe` found out about an account, as far as provisioning goes by it. */
export interface ProbeRecord {
  /** ISO 8601. */
  readonly at: string;
  /** What becomes of another e-mail address in an update. */
  readonly emailChange?: 'taken' | 'refused' | 'ignored';
}

const FORM: DocumentForm<ProbeRecord | undefined> = {
  name: 'probe',
  parse: (stored) => {
    const { at, emailChange } = objectOf(stored);
    if (typeof at !== 'string') return undefined;
    return emailChange === 'taken' || emailChange === 'refused' || emailChange === 'ignored'
      ? { at, emailChange }
      : { at };
  },
};

export function readProbe(directory: Directory, account: string): Promise<ProbeRecord | undefined> {
  return readForm(directory, account, FORM);
}

export async function writeProbe(directory: Directory, account: string, probe: ProbeRecord): Promise<void> {
  await directory.writeDocument(account, FORM.name, probe);
}

/** What the agents of `doctor --probe` have in their addresses and first names. */
export const PROBE_PREFIX = 'agent-provisioner-probe+';

/** Whether an agent was made by `doctor --probe`: it is no person's, and deleted by the next probe if this one died. */
export function isProbeAgent({ emailId, firstName }: Readonly<Record<string, unknown>>): boolean {
  const [mailbox = ''] = typeof emailId === 'string' ? emailId.toLowerCase().split('@') : [];
  return (
    mailbox.startsWith(PROBE_PREFIX) ||
    mailbox.includes(`+${PROBE_PREFIX}`) ||
    (typeof firstName === 'string' && firstName.toLowerCase().startsWith(PROBE_PREFIX))
  );
}
