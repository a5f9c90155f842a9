import { type DocumentForm, type Documents, objectOf, readForm } from '../../directory/documents.ts';
import type { Services } from '../services.ts';

/**
 * What an operator approved by pushing a plan: for a person one value, which is the hash of a payload, or `leaving`. The
 * brake lets it pass once, under the generation that the plan was made for, and nothing else of the person.
 */
export interface Approval {
  readonly id: string;
  readonly of: string;
}

/** What isn't done by then needs another plan. */
const APPROVED_SECONDS = 14 * 86_400;
/** Writes that wait for each other no longer than it takes: a plan may name everybody. */
const AT_ONCE = 20;

const ownerOf = (tenant: string) => `${tenant}#approved`;
const nameOf = (digest: string, id: string) => `${digest.slice(0, 16)} ${id}`;
const formOf = (digest: string, id: string): DocumentForm<Pick<Approval, 'of'> | undefined> => ({
  name: nameOf(digest, id),
  parse: (stored) => {
    const { of } = objectOf(stored);
    return typeof of === 'string' ? { of } : undefined;
  },
});

/** @param digest of the content of the generation that the plan is for */
export async function approve(
  { directory, clock }: Pick<Services, 'directory' | 'clock'>,
  tenant: string,
  digest: string,
  approvals: readonly Approval[],
): Promise<void> {
  const expiresAt = Math.ceil(clock.now() / 1_000) + APPROVED_SECONDS;
  for (let from = 0; from < approvals.length; from += AT_ONCE) {
    await Promise.all(
      approvals
        .slice(from, from + AT_ONCE)
        .map(({ id, of }) =>
          directory.writeDocument(ownerOf(tenant), nameOf(digest, id), { of }, undefined, expiresAt),
        ),
    );
  }
}

/** Takes approvals back that came to nothing. */
export async function withdraw(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
  digest: string,
  approvals: readonly Approval[],
): Promise<void> {
  for (const { id } of approvals) await directory.eraseDocument(ownerOf(tenant), nameOf(digest, id));
}

export async function isApproved(
  directory: Pick<Documents, 'readDocument'>,
  tenant: string,
  digest: string,
  { id, of }: Approval,
): Promise<boolean> {
  return (await readForm(directory, ownerOf(tenant), formOf(digest, id)))?.of === of;
}

/** What was approved is done now. */
export async function useApproval(
  directory: Pick<Documents, 'eraseDocument'>,
  tenant: string,
  digest: string,
  id: string,
): Promise<void> {
  await directory.eraseDocument(ownerOf(tenant), nameOf(digest, id));
}
