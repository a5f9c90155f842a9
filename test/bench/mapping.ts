import { compileMapping } from '../../functions/mapping/compile.ts';
import { explain } from '../../functions/mapping/desired/explain.ts';
import { payloadHash, toPayload } from '../../functions/mapping/payload/payload.ts';
import type { Person } from '../../functions/scim-core/person.ts';
import type { Catalogue } from '../../functions/smartassist/catalogue.ts';
import { configurationSchema } from '../../functions/tenant/configuration.ts';
import { PROFICIENCIES } from '../../functions/tenant/vocabulary.ts';
import { printGoals } from './goals.ts';

/**
 * `npm run bench -- mapping`: what mapping one person costs. Fails when the median is over what it may be.
 */

/** Microseconds. 100,000 persons take five seconds then. */
const MOST_MICROSECONDS = 50;
const RULES = 10;
const GROUPS = 20;
const PERSONS = 1000;
const ROUNDS = 50;

const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

/** Ten rules: of each kind of change one or more, half of them for the persons below. */
const rules = [
  {
    name: 'everyone',
    set: {
      agentGroup: 'Group 0',
      role: 'Agent',
      chat: { languages: [{ language: 'en', proficiency: 'good' }], capacity: 3 },
      voice: { languages: [{ language: 'en', proficiency: 'good' }] },
    },
    add: { skills: [{ skill: 'Skill 0', proficiency: 'average' }], queues: ['Queue 0'] },
  },
  {
    name: 'from the person',
    set: {
      agentGroup: { from: 'department', map: { Billing: 'Group 1', Support: 'Group 2' }, otherwise: null },
    },
  },
  {
    name: 'take away',
    when: 'groups.display eq "Group 7"',
    remove: { queues: ['Queue 0'], chat: { capacity: true } },
  },
  ...Array.from({ length: RULES - 3 }, (_, index) => ({
    name: `group ${index}`,
    when: `groups.display eq "Team ${3 * index}" or department eq "Department ${index}"`,
    set: { chat: { capacity: 1 + index } },
    add: {
      skills: [
        { skill: `Skill ${index}`, proficiency: at(PROFICIENCIES, index) },
        { skill: `Skill ${index + 1}`, proficiency: 'expert' },
      ],
      queues: [`Queue ${index}`],
    },
  })),
];

const { tenants } = configurationSchema.parse({
  tenants: {
    bench: {
      smartassist: { host: 'platform.kore.ai', streamId: 'st-1', secret: 's', profile: 'ai-for-service' },
      rules,
    },
  },
});

const persons = Array.from(
  { length: PERSONS },
  (_, index): Person => ({
    userName: `agent.${index}@example.com`,
    active: true,
    name: { givenName: `Given ${index}`, familyName: `Family ${index}` },
    emails: [
      { value: `private.${index}@example.com`, type: 'home' },
      { value: `agent.${index}@example.com`, type: 'work' },
    ],
    phoneNumbers: [{ value: `+49 (0)30 ${1_000_000 + index}`, type: 'work' }],
    groups: Array.from({ length: GROUPS }, (_, group) => ({
      value: `id-${index}-${group}`,
      display: `Team ${index + group}`,
    })),
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
      department: at(['Billing', 'Support'], index),
    },
  }),
);

const names = (kind: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `${kind}-${index}`, name: `${kind} ${index}` }));
const catalogue: Catalogue = {
  agentGroups: names('Group', 20).map((group) => ({ ...group, isDefault: false, isUnassigned: false })),
  skills: names('Skill', 200).map((skill) => ({ ...skill, group: 'All' })),
  queues: names('Queue', 50),
  roles: [{ id: 'role', name: 'Agent' }],
  readAt: 0,
};

/** Microseconds that each of many persons took, from the least to the most. */
function measure(run: (person: Person) => unknown): Float64Array {
  const taken = new Float64Array(PERSONS * ROUNDS);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, person] of persons.entries()) {
      const start = process.hrtime.bigint();
      run(person);
      taken[round * PERSONS + index] = Number(process.hrtime.bigint() - start) / 1000;
    }
  }
  return taken.sort();
}

function show(what: string, run: (person: Person) => unknown): number {
  const taken = measure(run);
  const median = taken[Math.floor(taken.length / 2)] ?? 0;
  const late = taken[Math.floor(taken.length * 0.99)] ?? 0;
  console.log(`  ${what.padEnd(36)} ${median.toFixed(1).padStart(7)} ${late.toFixed(1).padStart(8)}`);
  return median;
}

const tenant = tenants.bench;
if (tenant === undefined) throw new Error('there is no tenant bench');
const compiled = compileMapping(tenant);
if (!('mapping' in compiled)) throw new Error(compiled.problems[0]?.message);
const { mapping } = compiled;
const context = { catalogue, profile: 'ai-for-service', customId: 'abc', paths: tenant.agent } as const;
const invalid = persons.flatMap((person) => toPayload(mapping.map(person), context).problems);
if (invalid.length > 0) throw new Error(invalid[0]?.message);

console.log(`mapping one person: ${rules.length} rules, ${GROUPS} groups, microseconds (median, 99 %)`);
const median = show('person → desired agent, origins', (person) => mapping.map(person));
show('… and whether it is wanted', (person) => mapping.wants(person) && mapping.map(person));
show('… and explained', (person) => explain(mapping.map(person)));
show('… and payload', (person) => toPayload(mapping.map(person), context));
show('… and payload and hash', (person) => {
  const result = toPayload(mapping.map(person), context);
  return 'payload' in result && payloadHash(result.payload);
});
printGoals([{ what: 'median', is: median, unit: 'µs', most: MOST_MICROSECONDS }]);
