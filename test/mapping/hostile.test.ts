import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMapping, type Mapping } from '../../functions/mapping/compile.ts';
import { toPayload } from '../../functions/mapping/payload/payload.ts';
import type { Person } from '../../functions/scim-core/person.ts';
import { catalogueOf } from '../examples/catalogue.ts';
import { AGENT, mappingFor, personOf, tenantOf } from './tenant.ts';

/**
 * What any person may cost at most under any rules: as much as reading so many megabytes of JSON, which is work that
 * neither rules nor the optimiser change. On an idle machine of 2026 that is 50 ms.
 */
const MOST = 8;
const ROUNDS = 30;

/** Microseconds of this process, whatever else the machine does. */
function measured(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  return process.cpuUsage(before).user;
}

const JSON_TEXT = JSON.stringify(
  Array.from({ length: 12_500 }, (_, index) => ({
    value: `id ${index}`,
    display: `Some Group Of Some Department ${index}`,
  })),
).slice(0, -1);
const MEGABYTES = JSON_TEXT.length / 1_000_000;
/** A machine that is slower, or has other things to do, is so here, too. */
const reading = () => JSON.parse(`${JSON_TEXT}]`);

/** How many megabytes of JSON cost as much: in the best of some rounds, both measured one after the other. */
function cost(run: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS && (round < 2 || least > MOST); round++) {
    const unit = measured(reading) / MEGABYTES;
    // Where the machine counts in ticks, a reading may fall between two of them: the round says nothing.
    if (unit === 0) continue;
    least = Math.min(least, measured(run) / unit);
  }
  return least;
}

const costOf = (mapping: Mapping, person: Person) => cost(() => mapping.wants(person) && mapping.map(person));
const many = <T>(count: number, of: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => of(index));
const namedRules = (count: number, of: (index: number) => object) =>
  many(count, (index) => ({ name: `rule ${index}`, ...of(index) }));
const MEGABYTE = 1_000_000;

const GROUPS = many(1000, (index) => ({
  value: `id ${index}`,
  display: `Some Group Of Some Department ${index}`,
}));
const or = (count: number, of: (index: number) => string) => many(count, of).join(' or ');

describe('a mapping takes no more than reading eight megabytes of JSON, with', () => {
  it.each([
    [
      '500 rules that ask for 30 groups each',
      {
        rules: namedRules(500, (rule) => ({
          when: or(30, (index) => `groups.display eq "Group ${rule} ${index}"`),
        })),
      },
      { groups: GROUPS },
    ],
    [
      'as many comparisons as there may be, over a thousand groups',
      { rules: namedRules(10, () => ({ when: or(48, (index) => `groups.display co "Nothing ${index}"`) })) },
      { groups: GROUPS },
    ],
    [
      'a search that nearly matches everywhere in a megabyte',
      { rules: namedRules(5, () => ({ when: or(90, () => `title co "${'a'.repeat(20)}b"`) })) },
      { title: 'a'.repeat(MEGABYTE) },
    ],
    [
      'as many entries as there may be, added and taken away one by one',
      {
        rules: [
          ...namedRules(200, (rule) => ({
            add: { skills: many(8, (index) => ({ skill: `G${rule}/S${index}`, proficiency: 'good' })) },
          })),
          ...many(190, (rule) => ({ name: `less ${rule}`, remove: { skills: [`S${rule}`, `G${rule}/S1`] } })),
        ],
      },
      {},
    ],
    [
      'a template of twenty places, each a megabyte of blanks',
      { agent: { nickName: '{title} '.repeat(20) } },
      { title: `x${' \t'.repeat(MEGABYTE / 2)}x` },
    ],
    [
      'a megabyte to convert, look up and truncate',
      {
        agent: {
          nickName: {
            from: 'title',
            as: ['trim', 'upper', 'lower', 'digits'],
            map: { a: 'b' },
            otherwise: 'c',
            truncate: 50,
          },
          role: { from: 'title', truncate: 500 },
        },
      },
      { title: `a${'\u0301'.repeat(MEGABYTE)}` },
    ],
    [
      'a megabyte that is no phone number',
      { agent: { phoneNumber: { from: 'phoneNumbers.value', as: 'e164', region: 'DE' } } },
      { phoneNumbers: [{ value: '+49'.repeat(MEGABYTE / 3) }] },
    ],
    [
      'a thousand wishes of each kind',
      { wishes: ['skills', 'languages', 'queues'] },
      {
        [AGENT]: {
          skills: many(1000, (index) => ({ skill: `Skill ${index}` })),
          languages: many(1000, (index) => ({ language: `Language ${index}` })),
          queues: many(1000, (index) => ({ value: `Queue ${index}` })),
        },
      },
    ],
    [
      'many paths of which none has a value',
      { agent: { nickName: many(240, () => 'emails.display').join('|') } },
      { emails: many(1000, () => ({ display: ' ' })) },
    ],
  ])('%s', (_, written, person) => {
    expect(costOf(mappingFor(written), personOf(person))).toBeLessThan(MOST);
  });

  it('any text in any place', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 50 }),
      fc
        .tuple(
          fc.constantFrom('a', ' ', '{', '|', '"', '[', '\\', '\u0301', 'ﷺ', '😀', '+', '1'),
          fc.nat(20_000),
        )
        .map(([character, count]) => character.repeat(count)),
    );
    fc.assert(
      fc.property(text, text, text, (from, key, value) => {
        const compiled = compileMapping(
          tenantOf({
            agent: {
              nickName: from,
              role: { from: 'title', as: ['digits', 'upper'], map: { [key]: 'x' }, truncate: 9 },
            },
            rules: [
              {
                name: 'a',
                when: 'title co "aaaab" or title ew "aaa"',
                add: { queues: [{ from: '{title}' }] },
              },
            ],
          }),
        );
        const person = personOf({ title: value, displayName: value });
        if ('mapping' in compiled) expect(costOf(compiled.mapping, person)).toBeLessThan(MOST);
      }),
      { numRuns: 20 },
    );
  });
});

it('reading a source takes no more than reading eight megabytes of JSON, whatever it is', () => {
  for (const from of [
    '"'.repeat(4000),
    '|'.repeat(4000),
    '{'.repeat(4000),
    '[" '.repeat(1300),
    '{a}'.repeat(1300),
    'a[b eq "|'.repeat(400),
  ]) {
    expect(cost(() => compileMapping(tenantOf({ agent: { nickName: from } })))).toBeLessThan(MOST);
  }
});

it('looking a thousand names up that are unknown takes no more than reading eight megabytes of JSON', () => {
  const catalogue = catalogueOf({
    agentGroups: [],
    skills: many(2000, (index) => `Some Group/Some Skill With A Long Name ${index}`),
    queues: [],
  });
  const wishes = { skills: many(1000, (index) => ({ skill: `Sone Skill With A Long Nane ${index}` })) };
  const written = { wishes: ['skills'] };
  const mapped = mappingFor(written).map(personOf({ [AGENT]: wishes }));
  const context = {
    catalogue,
    profile: 'ai-for-service',
    customId: 'abc',
    paths: tenantOf(written).agent,
  } as const;
  expect(cost(() => toPayload(mapped, context))).toBeLessThan(MOST);
});
