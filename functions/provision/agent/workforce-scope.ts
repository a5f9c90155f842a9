import { type DocumentForm, objectOf, readForm } from '../../directory/documents.ts';
import { compact } from '../../runtime/compact.ts';
import type { Services } from '../services.ts';

const FORM: DocumentForm<{ readonly unusableAt?: number }> = {
  name: 'workforce',
  parse: (stored) => {
    const { unusableAt } = objectOf(stored);
    return compact({ unusableAt: typeof unusableAt === 'number' ? unusableAt : undefined });
  },
};
/** A refused call counts as one without success, and neither scopes nor lists change often. */
const ASK_AGAIN_MS = 7 * 86_400_000;

type Needs = Pick<Services, 'directory' | 'clock'>;

/** Whether the list for workforce management may be asked for: it takes a scope of its own. */
export async function mayReadWorkforce({ directory, clock }: Needs, tenant: string): Promise<boolean> {
  const { unusableAt } = await readForm(directory, tenant, FORM);
  return unusableAt === undefined || clock.now() - unusableAt >= ASK_AGAIN_MS;
}

export async function noteWorkforceUnusable({ directory, clock }: Needs, tenant: string): Promise<void> {
  await directory.writeDocument(tenant, FORM.name, { unusableAt: clock.now() });
}
