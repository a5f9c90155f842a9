import { createHash } from 'node:crypto';
import type { Directory } from '../directory/directory.ts';
import { type DocumentForm, objectOf, readForm } from '../directory/documents.ts';
import { compact } from '../runtime/compact.ts';
import { type AgentRecord, fingerprint } from '../smartassist/agent.ts';

/** What a reconciliation finds and an operator may leave as it is: a person's changed agent, or an agent of no person. */
export type Finding = { readonly person: string } | { readonly agent: string };

/** An operator's decision not to be told of a finding again. */
export interface Ignored {
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  readonly reason?: string;
  /** What the changed fields of the agent came to: once they are changed again, it is a new finding. */
  readonly theirs?: string;
}

const ownerOf = (tenant: string) => `${tenant}#ignored`;

function formOf(finding: Finding): DocumentForm<Ignored | undefined> {
  return {
    name: 'person' in finding ? `person ${finding.person}` : `agent ${finding.agent}`,
    parse: (stored) => {
      const { by, at, reason, theirs } = objectOf(stored);
      if (typeof by !== 'string' || typeof at !== 'string') return undefined;
      return {
        by,
        at,
        ...compact({
          reason: typeof reason === 'string' ? reason : undefined,
          theirs: typeof theirs === 'string' ? theirs : undefined,
        }),
      };
    },
  };
}

export function readIgnored(
  directory: Pick<Directory, 'readDocument'>,
  tenant: string,
  finding: Finding,
): Promise<Ignored | undefined> {
  return readForm(directory, ownerOf(tenant), formOf(finding));
}

export async function writeIgnored(
  directory: Pick<Directory, 'writeDocument'>,
  tenant: string,
  finding: Finding,
  { by, at, reason, theirs }: Ignored,
): Promise<void> {
  await directory.writeDocument(ownerOf(tenant), formOf(finding).name, {
    by,
    at,
    ...compact({ reason, theirs }),
  });
}

export async function eraseIgnored(
  directory: Pick<Directory, 'eraseDocument'>,
  tenant: string,
  finding: Finding,
): Promise<void> {
  await directory.eraseDocument(ownerOf(tenant), formOf(finding).name);
}

/** What the changed fields of an agent come to: the same for the same values, and without the person's id no value of it. */
export function theirsOf(personId: string, agent: AgentRecord, fields: readonly string[]): string {
  return createHash('sha256')
    .update(`${personId}\n${fingerprint(agent, fields)}`)
    .digest('base64url');
}
