/** A part of the product whose tests are tried by mutants of its code; each takes less than half an hour on two cores. */
export interface Part {
  /** The code that is mutated, as patterns of files. */
  readonly mutate: readonly string[];
  /** The tests near it, as patterns: quick ones, the quickest first, for they run for each of thousands of mutants. */
  readonly tests: readonly string[];
  /**
   * The code keeps in its modules what it has made of values: a thread of its own for each mutant, which takes long to
   * start, so that none leaves anything to the next one.
   */
  readonly isCold?: true;
  /** How many of a hundred mutants the tests notice at least. */
  readonly least: number;
}

export const PARTS: Readonly<Record<string, Part>> = {
  mapping: {
    mutate: ['functions/mapping/**/*.ts'],
    tests: ['test/mapping/!(hostile|property).test.ts', 'test/mapping/*/**/*.test.ts'],
    isCold: true,
    least: 90,
  },
  'scim-core': {
    mutate: ['functions/scim-core/**/*.ts'],
    tests: ['test/scim-core/**/*.test.ts'],
    isCold: true,
    least: 90,
  },
  events: {
    mutate: ['functions/events/**/*.ts'],
    tests: [
      'test/events/{person,groups}/**/*.test.ts',
      'test/events/{apply,confirm,deliver,event,json-view,links,pending,source-state,stored-forms}.test.ts',
      'test/events/{effect,faults,group-changes,scope,time}.test.ts',
    ],
    least: 85,
  },
  budget: {
    mutate: ['functions/smartassist/{budget,call-log,call-rate}.ts'],
    tests: ['test/smartassist/{call-log,budget}.test.ts'],
    least: 85,
  },
  agents: {
    mutate: ['functions/provision/agent/**/*.ts', 'functions/provision/{agent-index,custom-id}.ts'],
    tests: [
      'test/provision/{agent/*,agent-index,custom-id}.test.ts',
      'test/provision/{address-change,find-unkeyed,agent-holders,ownership,unknown-outcome,documented}.test.ts',
      'test/provision/{provision,one-app,remove-user}.test.ts',
    ],
    least: 85,
  },
  provision: {
    mutate: ['functions/provision/!(agent-index|custom-id).ts'],
    tests: [
      'test/provision/{attribute-source,history,lifecycle,listed,remap-jobs,served,organization,change-record}.test.ts',
      'test/provision/{plan,forecast,doorbell,mark-due,accept,tenant,budget-table,apply-plan,attempt}.test.ts',
      'test/provision/{update,dates,metrics,one-app,seats,remove-user,throttled,ownership}.test.ts',
      'test/provision/{documented,agent-holders,unknown-outcome,address-change,provision}.test.ts',
      'test/{scim/watch,events/deliver}.test.ts',
    ],
    least: 85,
  },
  brake: {
    mutate: ['functions/provision/{brake,leaving,seats}/**/*.ts'],
    tests: [
      'test/provision/{brake,leaving,seats}/*.test.ts',
      'test/provision/{routing,remove-user,seats}.test.ts',
    ],
    least: 85,
  },
  drain: {
    mutate: ['functions/provision/drain/**/*.ts'],
    tests: [
      'test/provision/drain/*.test.ts',
      'test/provision/{drain-handler,throttled,metrics,dates,seats,pending-event-rounds}.test.ts',
      'test/provision/drain.test.ts',
    ],
    least: 85,
  },
  reconcile: {
    mutate: ['functions/reconcile/**/*.ts'],
    tests: [
      'test/reconcile/!(workforce|notify|notify-topic).test.ts',
      'test/provision/{agent-holders,address-change}.test.ts',
    ],
    least: 85,
  },
  sources: {
    mutate: ['functions/sources/*.ts'],
    tests: [
      'test/sources/{throttle,answers,unread,grant,silence,renewal,provider-call,pending-work}.test.ts',
      'test/sources/schedule.test.ts',
      'test/providers/{api,groups,days,gusto}.test.ts',
      'test/events/{group-changes,waiting}.test.ts',
    ],
    least: 85,
  },
  sync: {
    mutate: ['functions/sources/{sync,dry-run}/**/*.ts'],
    tests: [
      'test/sync/{lists,due,patience,membership,state,overlay}.test.ts',
      'test/sync/{rows,missing,round,reading,foreseen}.test.ts',
    ],
    least: 85,
  },
};
