import type { Bug } from '../bug.ts';

/** Mistakes of the room `functions/smartassist`. */
export const smartassist: readonly Bug[] = [
  {
    name: 'a burst after a breach',
    sentence: 'After a throttle all calls go out, not one.',
    file: 'functions/smartassist/call-log.ts',
    from: '  return breaches > 0 && now < probeAt + PROBE_MS ? LOOK_AGAIN_MS : 0;',
    to: '  return 0;',
    tests: ['test/smartassist/budget.test.ts', 'test/provision/throttled.test.ts'],
  },
  {
    name: 'a minute of sixty seconds',
    sentence: 'Clocks are taken to agree.',
    file: 'functions/smartassist/call-log.ts',
    from: 'const CLOCK_SKEW_MS = 1_000;',
    to: 'const CLOCK_SKEW_MS = 0;',
    tests: ['test/smartassist/budget.test.ts'],
  },
  {
    name: 'no room for joiners',
    sentence: 'Back-fill leaves nothing free for joiners.',
    file: 'functions/smartassist/call-log.ts',
    from: 'const RESERVED_SHARE = 0.2;',
    to: 'const RESERVED_SHARE = 0;',
    tests: ['test/smartassist/budget.test.ts'],
  },
  {
    name: 'bare entries',
    sentence: 'Entries of lists lose what SmartAssist has in them.',
    file: 'functions/smartassist/agent.ts',
    from: '    return { ...entries.find((candidate) => candidate[id] === key), ...entry };',
    to: '    return { ...(key === undefined ? entries[0] : {}), ...entry };',
    tests: ['test/smartassist/agent.test.ts', 'test/provision/documented.test.ts'],
  },
  {
    name: 'custom id replaced',
    sentence: 'The customer’s own id of an agent is replaced by ours.',
    file: 'functions/smartassist/agent.ts',
    from: '    ...(isEmpty(record.customId) ? {} : { customId: record.customId }),\n',
    to: '',
    tests: ['test/smartassist/agent.test.ts', 'test/provision/documented.test.ts'],
  },
  {
    name: 'suspended in two groups',
    sentence: 'An agent that is in Unassigned and in another group counts as out of service.',
    file: 'functions/smartassist/agent.ts',
    from: '    groups.every(({ groupId, role }) => groupId === unassignedGroupId && role === AGENT_ROLE)',
    to: '    groups.some(({ groupId, role }) => groupId === unassignedGroupId && role === AGENT_ROLE)',
    tests: ['test/smartassist/agent.test.ts', 'test/provision/documented.test.ts'],
  },
];
