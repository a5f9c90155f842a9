import type { Services } from '../../provision/services.ts';
import { eraseIgnored, type Finding, writeIgnored } from '../../reconcile/ignored.ts';
import { readReconciliation } from '../../reconcile/report.ts';
import { compact } from '../../runtime/compact.ts';
import { type Actor, recordAction } from '../audit.ts';
import { OperateError } from '../errors.ts';

/** Findings of the last reconciliation: people whose agents were changed, by id, and agents of no person. */
export interface Findings {
  readonly persons: readonly string[];
  readonly agents: readonly string[];
}

export interface IgnoreResult {
  readonly count: number;
  /** What the last reconciliation did not find, or no longer lists. */
  readonly unknown: readonly string[];
}

const NAMED = 100;

/**
 * Leaves findings as they are: the next reconciliations pass them over and repair nothing of them. A changed agent is
 * reported again when these fields hold something else; and whatever changes about the person is written as ever.
 *
 * @throws OperateError where there was no reconciliation
 */
export async function ignoreFindings(
  services: Services,
  tenant: string,
  { persons, agents }: Findings,
  actor: Actor,
): Promise<IgnoreResult> {
  const { directory, clock } = services;
  const found = await readReconciliation(services, tenant);
  if (found === undefined)
    throw new OperateError('invalid', `${tenant} had no reconciliation yet, so nothing was found`);
  const drift = new Map(found.drift.map(({ personId, theirs }) => [personId, theirs]));
  const foreign = new Set(found.foreign);
  const { by, reason } = actor;
  const decision = { by, at: new Date(clock.now()).toISOString(), ...compact({ reason }) };
  const unknown: string[] = [];
  const done: Finding[] = [];
  for (const person of persons) {
    const theirs = drift.get(person);
    // Without it a change would never be told of again.
    if (theirs === undefined) unknown.push(person);
    else {
      await writeIgnored(directory, tenant, { person }, { ...decision, theirs });
      done.push({ person });
    }
  }
  for (const agent of agents) {
    if (!foreign.has(agent)) unknown.push(agent);
    else {
      await writeIgnored(directory, tenant, { agent }, decision);
      done.push({ agent });
    }
  }
  await record(services, tenant, actor, 'reconcile ignore', done);
  return { count: done.length, unknown };
}

/** Has findings told of again that were ignored. */
export async function noticeFindings(
  services: Services,
  tenant: string,
  { persons, agents }: Findings,
  actor: Actor,
): Promise<number> {
  const findings = [...persons.map((person) => ({ person })), ...agents.map((agent) => ({ agent }))];
  for (const finding of findings) await eraseIgnored(services.directory, tenant, finding);
  await record(services, tenant, actor, 'reconcile notice', findings);
  return findings.length;
}

function record(
  services: Services,
  tenant: string,
  actor: Actor,
  action: string,
  findings: readonly Finding[],
): Promise<void> {
  const persons = findings.flatMap((finding) => ('person' in finding ? [finding.person] : []));
  const agents = findings.flatMap((finding) => ('agent' in finding ? [finding.agent] : []));
  return recordAction(services, tenant, actor, action, {
    count: findings.length,
    persons: persons.slice(0, NAMED),
    ...(agents.length === 0 ? {} : { agents: agents.slice(0, NAMED) }),
  });
}
