import { describe, expect, it } from 'vitest';
import { compileMapping } from '../../functions/mapping/compile.ts';
import { mappingConfigurationOf } from '../../functions/mapping/configuration.ts';
import { checkConfiguration, loadConfiguration } from '../../functions/mapping/load.ts';
import { ConfigurationError } from '../../functions/tenant/problem.ts';
import { AGENT, personOf, tenantOf } from './tenant.ts';

const file = (...lines: string[]) =>
  [
    'tenants:',
    '  demo:',
    '    smartassist: { host: platform.kore.ai, streamId: st-1, secret: s }',
    ...lines.map((line) => `    ${line}`),
  ].join('\n');

describe('a configuration file', () => {
  it('that is good gives the configuration, and no problems', () => {
    const { configuration, problems } = checkConfiguration(file());
    expect(Object.keys(configuration?.tenants ?? {})).toEqual(['demo']);
    expect(problems).toEqual([]);
    expect(loadConfiguration(file(), 'p.yaml')).toEqual(configuration);
  });

  it('of which the grammar is wrong gives none', () => {
    const { configuration, problems } = checkConfiguration(file('rules: 1'));
    expect(configuration).toBeUndefined();
    expect(problems).toMatchObject([{ path: ['tenants', 'demo', 'rules'], line: 4, column: 5 }]);
    expect(() => loadConfiguration(file('rules: 1'), 'p.yaml')).toThrow(ConfigurationError);
  });

  it('of which the meaning is wrong gives the problems in the order of the file, with their places', () => {
    const text = file(
      'rules: [{ name: a, when: titel pr }]',
      'provisionWhen: activ pr',
      'agent: { role: x }',
    );
    const { configuration, problems } = checkConfiguration(text);
    expect(configuration).toBeDefined();
    expect(problems.map(({ path, line, column }) => [path.join('.'), line, column])).toEqual([
      ['tenants.demo.rules.0.when', 4, 24],
      ['tenants.demo.provisionWhen', 5, 5],
      ['tenants.demo.agent.role', 6, 14],
    ]);
    expect(() => loadConfiguration(text, 'p.yaml')).toThrow(
      /^p\.yaml:4:24: tenants\.demo\.rules\[0\]\.when: /,
    );
  });
});

describe('compiling', () => {
  it('is done once for a configuration', () => {
    const tenant = tenantOf({ rules: [{ name: 'a' }] });
    expect(compileMapping(tenant)).toBe(compileMapping(tenant));
    expect(compileMapping({ ...tenant })).not.toBe(compileMapping(tenant));
  });

  it('needs of a tenant the parts that say what an agent is', () => {
    const { provisionWhen, agent, rules, wishes } = tenantOf({ wishes: ['role'] });
    expect(mappingConfigurationOf(tenantOf({ wishes: ['role'] }))).toEqual({
      provisionWhen,
      agent,
      rules,
      wishes,
    });
    const compiled = compileMapping({ provisionWhen, agent, rules });
    if (!('mapping' in compiled)) throw new Error('it does not compile');
    expect(compiled.mapping.map(personOf({ [AGENT]: { role: 'Admin' } })).ignoredWishes).toEqual(['role']);
  });

  it('takes a value that is not given for none', () => {
    const { provisionWhen, agent } = tenantOf({});
    const rules = [{ name: 'a', set: { agentGroup: undefined, chat: { capacity: undefined } } }];
    const compiled = compileMapping({ provisionWhen, agent, rules });
    if (!('mapping' in compiled)) throw new Error('it does not compile');
    expect(Object.keys(compiled.mapping.map(personOf({})).origins)).toEqual(['emailId']);
  });

  it('refuses two rules of one name, and says which has it', () => {
    const { problems } = compileMapping(tenantOf({ rules: [{ name: 'a' }, { name: 'b' }, { name: 'b' }] }));
    expect(problems).toEqual([{ path: ['rules', 2, 'name'], message: 'rule 2 has the name "b" already' }]);
  });

  it('says no more than there is to say', () => {
    const compiled = compileMapping(tenantOf({ agent: { nickName: 'title' } }));
    if (!('mapping' in compiled)) throw new Error('it does not compile');
    expect(compiled.mapping.map(personOf({ title: 'x' }))).toStrictEqual({
      agent: { emailId: 'ada@example.com', nickName: 'x' },
      origins: {
        emailId: [{ from: 'path', path: 'userName' }],
        nickName: [{ from: 'path', path: 'title' }],
      },
      rules: [],
    });
  });
});
