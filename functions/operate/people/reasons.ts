import type { ReasonCode } from '../../directory/people/listed.ts';

/** What a reason means, and what an operator does about it. */
export interface Reason {
  readonly text: string;
  /** What helps; absent where nothing is to be done. */
  readonly remedy?: string;
}

const SCOPE = 'Look at the clauses with explain; change the person at the source, or provisionWhen.';

/** Every reason that people are listed under, for commands, console and messages. */
export const REASONS: { readonly [Code in ReasonCode]: Reason } = {
  queued: { text: 'Waits for a call to SmartAssist; joiners go first.' },
  credentials: {
    text: "SmartAssist does not take the credentials, or the tenant's secret can't be used.",
    remedy: 'Check the secret and the app with doctor; what waits goes on by itself.',
  },
  unreachable: {
    text: 'SmartAssist could not be reached.',
    remedy:
      'Look at the host in provisioner.yaml and at the status of SmartAssist; it is tried again by itself.',
  },
  'no-answer': {
    text: 'SmartAssist gave no usable answer.',
    remedy: 'Look at the status of SmartAssist; it is tried again by itself.',
  },
  'looked-for': {
    text: 'SmartAssist has an agent with this e-mail address already, and it is being looked for.',
  },
  'names-unreadable': {
    text: 'Names that the agent needs can not be read from SmartAssist.',
    remedy: 'See with doctor which scope of the app is missing.',
  },
  'no-organization': {
    text: 'It is not known yet which organization to list agents of.',
    remedy: 'It is learned with the first names or the first agent: see doctor.',
  },
  other: { text: 'The last attempt came to nothing, and another follows.' },
  'unknown-name': {
    text: 'A skill, queue, agent group or role has a name that SmartAssist does not have.',
    remedy:
      'Correct the name in provisioner.yaml (check --live) or make it in SmartAssist; then retry --reason unknown-name.',
  },
  'ambiguous-name': {
    text: 'A name is there more than once in SmartAssist.',
    remedy: 'Write it in full, as the message says; then retry --reason ambiguous-name.',
  },
  'unusable-value': {
    text: 'A value of the person is missing or can not be used.',
    remedy: 'Correct it at the source; the person is tried again by itself.',
  },
  invalid: {
    text: 'The person can not become an agent as things are.',
    remedy: 'See the message with explain; correct the person at the source, or the rule.',
  },
  uniqueness: {
    text: "The e-mail address is that of another person's agent.",
    remedy: 'Give one of the two another address at the source, or have the other agent deleted; then retry.',
  },
  'agent-exists': {
    text: 'SmartAssist has an agent with this e-mail address, and its lists show none that is free.',
    remedy: 'Look for the agent in SmartAssist by this address, set it free or delete it; then retry.',
  },
  refused: {
    text: 'SmartAssist refused the agent.',
    remedy: "See SmartAssist's words with explain; correct what they name, then retry.",
  },
  leaving: {
    text: 'Too many agents were to leave service at once: the brake holds.',
    remedy: 'Decide with brake: release or discard.',
  },
  change: {
    text: 'Too many agents were to be changed at once: the brake holds.',
    remedy: 'Decide with brake: release or discard.',
  },
  inactive: { text: 'The person is out of service.' },
  deleted: { text: 'The source deleted the person.' },
  'out-of-scope': {
    text: 'The rules of the configuration make no agent of the person (provisionWhen).',
    remedy: SCOPE,
  },
  kept: {
    text: 'Not to be an agent any more; the agent is left as it is (lifecycle.onDeactivate).',
  },
  'no-seat': {
    text: 'All seats are taken; the agent comes into service once one is free, joiners first.',
    remedy:
      'Let agents leave service who are no longer needed, or raise seats in provisioner.yaml; nothing has to be retried.',
  },
  decided: { text: 'An operator decided that the agent stays as it is.' },
  done: { text: 'The agent is as it should be.' },
};

export const REASON_CODES = Object.keys(REASONS) as ReasonCode[];

/** A reason that a newer version stored is told by its code. */
export function reasonOf(code: string): Reason {
  return Object.hasOwn(REASONS, code) ? REASONS[code as ReasonCode] : { text: code };
}
