import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compileMapping } from '../../functions/mapping/compile.ts';
import { problemText } from '../../functions/tenant/problem.ts';
import { personOf, tenantOf } from './tenant.ts';

interface Block {
  readonly kind: string;
  readonly text: string;
}

/** An example of the page: a mapping, and what comes of it, or what is wrong with it. */
interface Example {
  readonly mapping: string;
  readonly wrong: boolean;
  person: string;
  agent?: string;
  problem?: string;
}

const page = readFileSync('docs/mapping.md', 'utf8');
const blocks = [...page.matchAll(/^```(\w+(?: \w+)?)\n(.*?)^```$/gms)].map(
  ([, kind = '', text = '']): Block => ({ kind, text }),
);
const examples: Example[] = [];
for (const { kind, text } of blocks) {
  const last = examples.at(-1);
  if (kind === 'yaml' || kind === 'yaml wrong')
    examples.push({ mapping: text, wrong: kind !== 'yaml', person: '{}' });
  else if (last !== undefined && kind === 'yaml person') last.person = text;
  else if (last !== undefined && kind === 'yaml agent') last.agent = text;
  else if (last !== undefined && kind === 'text') last.problem = text.trimEnd();
  else throw new Error(`what is a block of ${kind}?`);
}

describe('the page about the mapping', () => {
  it('has examples of everything', () => {
    expect(examples.length).toBeGreaterThanOrEqual(10);
    const whole = examples.map(({ mapping }) => mapping).join();
    for (const key of [
      'provisionWhen',
      'agent',
      'set',
      'add',
      'remove',
      'stop',
      'wishes',
      'map',
      'as',
      'truncate',
    ]) {
      expect(whole).toMatch(new RegExp(`\\b${key}:`));
    }
  });

  it.each(examples)('is right about $mapping', ({ mapping, wrong, person, agent, problem }) => {
    const compiled = compileMapping(tenantOf(parse(mapping)));
    if (!('mapping' in compiled)) {
      const complaints = compiled.problems.map((each) => problemText('', each).replace(/^: /, ''));
      expect(complaints).toEqual([problem]);
      expect(wrong).toBe(true);
      return;
    }
    const somebody = personOf(parse(person));
    expect(compiled.mapping.wants(somebody)).toBe(true);
    const mapped = compiled.mapping.map(somebody);
    expect(mapped.problems?.map(({ message }) => message) ?? []).toEqual(
      problem === undefined ? [] : [problem],
    );
    for (const [field, value] of Object.entries(parse(agent ?? '{}'))) {
      expect([field, Reflect.get(mapped.agent, field) ?? null]).toEqual([field, value]);
    }
    expect(agent !== undefined || problem !== undefined).toBe(true);
  });
});
