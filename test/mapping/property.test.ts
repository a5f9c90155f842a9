import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DesiredAgent } from '../../functions/mapping/desired/desired-agent.ts';
import { toPayload } from '../../functions/mapping/payload/payload.ts';
import { PROFICIENCIES } from '../../functions/tenant/vocabulary.ts';
import { demoCatalogue } from './demo.ts';
import { AGENT, ENTERPRISE, mappingFor, personOf, tenantOf } from './tenant.ts';

const NAMES = ['A', 'B', 'C', 'D'];
const name = fc.constantFrom(...NAMES);
const proficiency = fc.constantFrom(...PROFICIENCIES);
const skills = fc.array(fc.record({ skill: name, proficiency }), { maxLength: 3 });
const languages = fc.array(
  fc.record({ language: fc.constantFrom('en', 'de', 'DE', 'pt-BR', 'zh-Hant'), proficiency }),
  { maxLength: 3 },
);
const queues = fc.array(fc.oneof(name, fc.record({ queue: name, preferred: fc.boolean() })), {
  maxLength: 3,
});
const source = fc.oneof(
  name,
  fc.record({
    from: fc.constantFrom('groups.display', 'title', '{title} {department}', 'groups.display | title'),
  }),
  fc.record({
    from: fc.constantFrom('title', 'groups.display'),
    map: fc.dictionary(name, name, { minKeys: 1 }),
    otherwise: fc.constant('X'),
  }),
);

const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const rule = fc.record({
  when: optional(
    fc.oneof(
      name.map((group) => `groups.display eq "${group}"`),
      name.map((group) => `not (groups.display sw "${group}")`),
      name.map((title) => `title eq "${title}" or groups[display eq "${title}"].value pr`),
    ),
  ),
  set: optional(fc.record({ agentGroup: optional(source), role: optional(name), skills: optional(skills) })),
  add: optional(
    fc.record({
      skills: optional(skills),
      queues: optional(queues),
      chat: optional(fc.record({ languages })),
    }),
  ),
  remove: optional(
    fc.record({
      skills: optional(fc.oneof(fc.constant(true), fc.array(name, { maxLength: 2 }))),
      queues: optional(fc.array(name, { maxLength: 2 })),
      agentGroup: optional(fc.constant(true)),
    }),
  ),
  stop: fc.constant(false),
});
const tenant = fc.array(rule, { maxLength: 8 }).map((rules) => ({
  agent: { nickName: 'groups.display', role: '{title}!' },
  rules: rules.map((each, index) => ({ name: `rule ${index}`, ...each })),
  wishes: ['skills', 'queues', 'agentGroup'],
}));
const person = fc.record({
  title: optional(name),
  groups: fc.uniqueArray(name).map((names) => names.map((display) => ({ value: `id-${display}`, display }))),
  [ENTERPRISE]: fc.record({ department: optional(name) }),
  [AGENT]: fc.record({ agentGroup: optional(name), skills }),
});

describe('whoever the person and whatever the rules', () => {
  it('the agent is the same in whatever order the groups came', () => {
    fc.assert(
      fc.property(tenant, person, fc.infiniteStream(fc.nat()), (written, given, random) => {
        const mapping = mappingFor(written);
        const shuffled = given.groups.toSorted(() => (random.next().value % 3) - 1);
        const first = mapping.map(personOf(given));
        const second = mapping.map(personOf({ ...given, groups: shuffled }));
        expect(second).toEqual(first);
      }),
    );
  });

  it('the same person gives the same agent, after others too, and is not changed', () => {
    fc.assert(
      fc.property(tenant, person, person, (written, one, other) => {
        const mapping = mappingFor(written);
        const before = structuredClone(one);
        const first = structuredClone(mapping.map(personOf(one)));
        mapping.map(personOf(other));
        expect(mapping.map(personOf(one))).toEqual(first);
        expect(one).toEqual(before);
      }),
    );
  });

  it('no list has a name twice, and a field with a value has an origin', () => {
    fc.assert(
      fc.property(tenant, person, (written, given) => {
        const { agent, origins } = mappingFor(written).map(personOf(given));
        const keys = {
          skills: agent.skills?.map(({ skill }) => skill),
          queues: agent.queues?.map(({ queue }) => queue),
          languages: agent['chat.languages']?.map(({ language }) => language),
        };
        for (const names of Object.values(keys)) expect(new Set(names).size).toBe(names?.length ?? 0);
        for (const field of Object.keys(agent) as (keyof DesiredAgent)[]) {
          expect(origins[field]?.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('a skill that is only ever added has its highest proficiency', () => {
    fc.assert(
      fc.property(fc.array(skills, { minLength: 1, maxLength: 6 }), (lists) => {
        const rules = lists.map((list, index) => ({ name: `rule ${index}`, add: { skills: list } }));
        const { agent } = mappingFor({ rules }).map(personOf({}));
        for (const each of NAMES) {
          const given = lists.flat().filter(({ skill }) => skill === each);
          const highest = given
            .map((entry) => PROFICIENCIES.indexOf(entry.proficiency))
            .toSorted((a, b) => a - b)
            .at(-1);
          const found = agent.skills?.find(({ skill }) => skill === each)?.proficiency;
          expect(found).toBe(highest === undefined ? undefined : PROFICIENCIES[highest]);
        }
      }),
    );
  });

  it('what comes out is a payload within the limits, or problems that say why not', () => {
    fc.assert(
      fc.property(tenant, fc.object(), (written, anything) => {
        const mapped = mappingFor(written).map(personOf(anything));
        const result = toPayload(mapped, {
          catalogue: demoCatalogue,
          profile: 'ai-for-service',
          customId: 'abc',
          paths: tenantOf(written).agent,
        });
        expect('payload' in result).toBe(result.problems.length === 0);
      }),
    );
  });
});
