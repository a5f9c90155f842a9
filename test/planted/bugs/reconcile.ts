import type { Bug } from '../bug.ts';

/** Mistakes of the room `functions/reconcile`. */
export const reconcile: readonly Bug[] = [
  {
    name: 'two made one',
    sentence: 'Of two persons with one address the first gets the agent.',
    file: 'functions/reconcile/compare.ts',
    from: '  if (others.length > 0) return reconciliation;\n',
    to: '',
    tests: ['test/reconcile/reconciliation.test.ts', 'test/provision/agent-holders.test.ts'],
  },
  {
    name: 'other tenants compared',
    sentence: 'An agent of another tenant of the account is compared here.',
    file: 'functions/reconcile/compare.ts',
    from: '  return holder.tenant === name\n    ? reportDrift(provisioning, services, reconciliation, { ...listed, record: holder }, terms)\n    : reconciliation;',
    to: '  return reportDrift(provisioning, services, reconciliation, { ...listed, record: holder }, terms);',
    tests: ['test/reconcile/reconciliation.test.ts'],
  },
  {
    name: 'an old page is news',
    sentence: 'What was done since the page was asked for counts as changed by hand.',
    file: 'functions/reconcile/compare.ts',
    from: " || (record.agent.appliedAt ?? '') >= askedAt",
    to: '',
    tests: ['test/reconcile/reconciliation.test.ts'],
  },
  {
    name: 'absence is drift',
    sentence: 'A field that the list does not carry counts as changed.',
    file: 'functions/reconcile/compare.ts',
    from: "  return field === 'agentGroupId' ? groupIdOf(agent) !== undefined : agent[field] !== undefined;",
    to: '  return true;',
    tests: ['test/reconcile/reconciliation.test.ts', 'test/reconcile/list.test.ts'],
  },
  {
    name: 'repairs unasked',
    sentence: 'Drift is repaired where it is only to be reported.',
    file: 'functions/reconcile/compare.ts',
    from: "  if (provisioning.tenant.lifecycle.drift === 'repair') {",
    to: "  if (provisioning.tenant.lifecycle.drift !== 'repair') {",
    tests: ['test/reconcile/reconciliation.test.ts'],
  },
];
