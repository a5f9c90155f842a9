import { describe, expect, it } from 'vitest';
import { compileMapping } from '../../functions/mapping/compile.ts';
import type { MappingConfiguration } from '../../functions/mapping/configuration.ts';
import { explain } from '../../functions/mapping/desired/explain.ts';
import { toPayload } from '../../functions/mapping/payload/payload.ts';
import type { Person } from '../../functions/scim-core/person.ts';
import { AGENT_FIELDS, type FieldTable } from '../../functions/smartassist/fields.ts';
import { agentRemovalsOf } from '../../functions/tenant/agent/removals.ts';
import { agentValuesOf } from '../../functions/tenant/agent/values.ts';
import { demoCatalogue, demoTenant } from '../mapping/demo.ts';

/** A field that SmartAssist doesn't have. */
const fields: FieldTable = {
  ...AGENT_FIELDS,
  maxFaxSupport: {
    kind: 'capacity',
    key: 'chat.faxCapacity',
    what: 'the number of faxes',
    rule: { about: 'Faxes at one time, 0 to 15.', examples: [3] },
    in: ['create', 'update'],
  },
};
const person = {
  userName: 'ada@example.com',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  phoneNumbers: [{ value: '+49 30 1234567' }],
} as unknown as Person;

function mappedWith(set: object) {
  const configuration: MappingConfiguration = {
    ...demoTenant(),
    rules: [...demoTenant().rules, { name: 'fax', set }],
  } as MappingConfiguration;
  const compiled = compileMapping(configuration);
  if (!('mapping' in compiled)) throw new Error(JSON.stringify(compiled.problems));
  return compiled.mapping.map(person);
}

describe('a field that is added to the table of agent fields', () => {
  it('may be written in a rule, within its limits, and taken away again', () => {
    const values = agentValuesOf(fields);
    expect(values.safeParse({ chat: { faxCapacity: 3 } }).success).toBe(true);
    expect(values.safeParse({ chat: { faxCapacity: 16 } }).success).toBe(false);
    expect(agentValuesOf(AGENT_FIELDS).safeParse({ chat: { faxCapacity: 3 } }).success).toBe(false);
    const removals = agentRemovalsOf(fields);
    expect(removals.safeParse({ chat: { faxCapacity: true } }).success).toBe(true);
    expect(agentRemovalsOf(AGENT_FIELDS).safeParse({ chat: { faxCapacity: true } }).success).toBe(false);
  });

  it('is explained and comes into the payload', () => {
    const mapped = mappedWith({ chat: { faxCapacity: 3 } });
    expect(explain(mapped)).toContainEqual(
      expect.objectContaining({
        field: 'chat.faxCapacity',
        value: 3,
        origins: [{ from: 'rule', rule: 'fax', how: 'set' }],
      }),
    );
    const result = toPayload(mapped, contextOf(fields));
    expect(result.problems).toEqual([]);
    expect(result).toHaveProperty('payload.maxFaxSupport', 3);
  });

  it('is checked before anything is sent', () => {
    const { problems } = toPayload(mappedWith({ chat: { faxCapacity: 16 } }), contextOf(fields));
    expect(problems).toEqual([
      { field: 'chat.faxCapacity', message: expect.stringContaining('chat.faxCapacity: "16"') },
    ]);
  });
});

function contextOf(table: FieldTable) {
  const { smartassist, agent } = demoTenant();
  return {
    catalogue: demoCatalogue,
    profile: smartassist.profile,
    customId: 'abcdefghijklmno',
    paths: agent,
    fields: table,
  };
}
