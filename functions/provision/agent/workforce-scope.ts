import type { Services } from '../services.ts';

const DOCUMENT = 'workforce';
/** A refused call counts as one without success, and neither scopes nor lists change often. */
const ASK_AGAIN_MS = 7 * 86_400_000;

type Needs = Pick<Services, 'directory' | 'clock'>;

/** Whether the list for workforce management may be asked for: it takes a scope of its own. */
export async function mayReadWorkforce({ directory, clock }: Needs, tenant: string): Promise<boolean> {
  const at = (await directory.readDocument(tenant, DOCUMENT))?.body.unusableAt;
  return typeof at !== 'number' || clock.now() - at >= ASK_AGAIN_MS;
}

export async function noteWorkforceUnusable({ directory, clock }: Needs, tenant: string): Promise<void> {
  await directory.writeDocument(tenant, DOCUMENT, { unusableAt: clock.now() });
}
