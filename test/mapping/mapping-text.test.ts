import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mappingText, readMapping } from '../../functions/mapping/mapping-text.ts';
import { printableLines } from '../../functions/runtime/printable.ts';
import { pathText } from '../../functions/tenant/problem.ts';
import { readYaml } from '../../functions/tenant/yaml.ts';
import { demoTenant } from './demo.ts';

/** As a generation has it. */
const stored = () => JSON.parse(JSON.stringify(demoTenant())) as ReturnType<typeof demoTenant>;
const problemsOf = (text: string) =>
  readMapping(text, stored()).problems.map(
    ({ path, message, line, column }) => `${line}:${column} ${pathText(path)} ${message}`,
  );

describe('a mapping as a text', () => {
  const files = ['provisioner.yaml', ...globSync('examples/**/*.yaml')];

  it.each(files)('is read as the same mapping again: %s', (file) => {
    const { configuration } = readYaml(readFileSync(file, 'utf8'));
    for (const each of Object.values(configuration?.tenants ?? {})) {
      const tenant = JSON.parse(JSON.stringify(each));
      const text = mappingText(tenant);
      const read = readMapping(text, tenant);
      expect(read.problems).toEqual([]);
      expect(read.tenant).toEqual(tenant);
      expect(JSON.stringify(read.tenant)).toBe(JSON.stringify(tenant));
    }
  });

  it('has nothing in it that a browser would obey, and means the same', () => {
    const tenant = stored();
    const [first] = tenant.rules;
    if (first === undefined) throw new Error('no rule');
    const name = 'left \u202E right \u0007 \u2028 "quoted"';
    const changed = { ...tenant, rules: [{ ...first, name }, ...tenant.rules.slice(1)] };
    const text = mappingText(changed);
    expect(text).toBe(printableLines(text));
    expect(readMapping(text, changed).tenant?.rules[0]?.name).toBe(name);
  });

  it('changes nothing but the mapping', () => {
    const before = stored();
    const { tenant } = readMapping('provisionWhen: active eq true\nrules: []\n', before);
    expect(tenant?.provisionWhen).toBe('active eq true');
    expect(tenant?.rules).toEqual([]);
    expect(tenant?.smartassist).toEqual(before.smartassist);
    expect(tenant?.sources).toEqual(before.sources);
    expect(tenant?.lifecycle).toEqual(before.lifecycle);
  });

  it.each([
    'smartassist: { host: evil.example, streamId: st-1 }',
    'sources: { okta: { preset: okta-event-hook } }',
    'roles: { Agent: 5f0c1d2e3a4b5c6d7e8f9a0b }',
    'console: { issuer: https://evil.example, clientId: a, roles: { admin: a=b } }',
    'authority: { inService: [scim] }',
    'scim: { profile: entra }',
    'lifecycle: { onDelete: remove }',
    'entitlements: { proficiency: levels }',
    'timeZone: Europe/Berlin',
  ])('refuses what is changed by push: %s', (line) => {
    const [problem, ...more] = problemsOf(`provisionWhen: active eq true\n${line}\n`);
    expect(problem).toMatch(/^2:1 \w+ is changed by push, with rights on AWS/);
    expect(more).toEqual([]);
  });

  it('says of each mistake where it stands', () => {
    expect(problemsOf('rulez: []')).toEqual(['1:1 rulez is not a known key. Did you mean "rules"?']);
    expect(problemsOf('tenants: { demo: {} }')[0]).toMatch(/^1:1 tenants is not written here/);
    expect(problemsOf('- a')).toEqual([
      '1:1  must be the keys provisionWhen, agent, rules, wishes, seats, each with its value',
    ]);
    expect(problemsOf('rules: [')[0]).toMatch(/^1:8 /);
    expect(problemsOf('provisionWhen: active xx true')[0]).toMatch(/^1:1 provisionWhen /);
    expect(problemsOf('rules:\n  - name: a\n    whem: x\n')).toEqual([
      '3:5 rules[0].whem is not a known key. Did you mean "when"?',
    ]);
    expect(problemsOf('rules:\n  - name: a\n    when: groups eq (\n')[0]).toMatch(/^3:5 rules\[0\]\.when /);
    expect(problemsOf('wishes: { nosource: [skills] }')[0]).toMatch(/^1:\d+ wishes/);
    expect(problemsOf('a: &x [1]\nb: *x\n')[0]).toContain('is not a known key');
  });
});
