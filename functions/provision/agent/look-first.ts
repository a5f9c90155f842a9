import type { PersonRecord } from '../../directory/record.ts';
import { compact } from '../../runtime/compact.ts';
import type { AgentRecord } from '../../smartassist/agent.ts';
import type { CallTerms } from '../../smartassist/client.ts';
import type { AgentFacts, Result } from '../result.ts';
import { findAnywhere } from './find-unkeyed.ts';
import type { Ports } from './ports.ts';

/**
 * What a person comes to for whom nothing is done, once it is known whether an earlier call has made an agent: that one is
 * the person's, and is put out of service when they leave.
 */
export async function lookFirst(
  ports: Ports,
  record: PersonRecord,
  result: Extract<Result, { kind: 'kept' | 'invalid' }>,
  terms: CallTerms,
): Promise<Result> {
  const found = await findAnywhere(ports, record, undefined, terms);
  return 'result' in found ? found.result : { ...result, found: factsOf(found.agent) };
}

/** @param agent as it was found, if it was */
export function factsOf(agent: AgentRecord | undefined): AgentFacts {
  return agent === undefined ? 'none' : compact({ emailId: agent.emailId });
}
