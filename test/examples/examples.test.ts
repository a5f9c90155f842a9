import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileMapping } from '../../functions/mapping/compile.ts';
import { reasons } from '../../functions/mapping/desired/explain.ts';
import { loadConfiguration } from '../../functions/mapping/load.ts';
import { checkNames } from '../../functions/mapping/payload/check-names.ts';
import { toPayload } from '../../functions/mapping/payload/payload.ts';
import { customIdOf } from '../../functions/provision/custom-id.ts';
import type { Person } from '../../functions/scim-core/person.ts';
import { parseResource } from '../../functions/scim-core/resource/parse.ts';
import { USER_KIND } from '../../functions/scim-core/schema.ts';
import type { Catalogue } from '../../functions/smartassist/catalogue.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { API_GENERATIONS } from '../../functions/tenant/vocabulary.ts';
import { catalogueOf, type Names } from './catalogue.ts';

/** Persons as identity providers send them, with what SmartAssist has names for. */
interface Fixture {
  readonly catalogues: Readonly<Record<string, Names>>;
  readonly persons: readonly {
    readonly tenant: string;
    readonly groups?: readonly string[];
    readonly user: Readonly<Record<string, unknown>>;
  }[];
}

const GOLDEN = '../fixtures/golden/examples';
const examples = readdirSync('examples')
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replace('.yaml', ''));

const fixtureOf = (example: string): Fixture =>
  JSON.parse(readFileSync(`test/fixtures/golden/examples/${example}.persons.json`, 'utf8'));
const tenantsOf = (example: string) =>
  loadConfiguration(readFileSync(`examples/${example}.yaml`, 'utf8'), `${example}.yaml`).tenants;

function outcomeFor(person: Person, tenant: TenantConfiguration, catalogue: Catalogue) {
  const compiled = compileMapping(tenant);
  if (!('mapping' in compiled)) throw new Error(JSON.stringify(compiled.problems));
  if (!compiled.mapping.wants(person)) return { outcome: 'no agent' };
  const mapped = compiled.mapping.map(person);
  const result = toPayload(mapped, {
    catalogue,
    profile: tenant.smartassist.profile,
    customId: customIdOf('example', person.userName),
    paths: tenant.agent,
  });
  if (!('payload' in result))
    return { outcome: 'refused', problems: result.problems.map(({ message }) => message) };
  const { ignoredWishes } = mapped;
  return {
    outcome: 'agent',
    payload: result.payload,
    why: reasons(mapped),
    ...(ignoredWishes === undefined ? {} : { ignoredWishes }),
  };
}

it('there are four examples', () => {
  expect(examples).toEqual(['hr-driven', 'identity-provider-driven', 'outsourcer', 'sales-and-support']);
});

describe.each(examples)('the example %s', (example) => {
  it.each(API_GENERATIONS)(
    'makes of its persons what is written down, for the profile %s',
    async (profile) => {
      const { catalogues, persons } = fixtureOf(example);
      const tenants = tenantsOf(example);
      const outcomes = persons.map(({ tenant: name, groups = [], user }) => {
        const tenant = tenants[name];
        const names = catalogues[name];
        if (tenant === undefined || names === undefined) throw new Error(`there is no tenant ${name}`);
        const person = {
          ...parseResource(user, USER_KIND),
          groups: groups.map((display) => ({ value: display, display })),
        } as unknown as Person;
        const changed = { ...tenant, smartassist: { ...tenant.smartassist, profile } };
        return {
          userName: person.userName,
          tenant: name,
          ...outcomeFor(person, changed, catalogueOf(names)),
        };
      });
      await expect(`${JSON.stringify(outcomes, undefined, 2)}\n`).toMatchFileSnapshot(
        `${GOLDEN}/${example}.${profile}.json`,
      );
    },
  );

  it('speaks of names that SmartAssist has', () => {
    const { catalogues } = fixtureOf(example);
    for (const [name, tenant] of Object.entries(tenantsOf(example))) {
      expect(
        checkNames(tenant, catalogueOf(catalogues[name] ?? { agentGroups: [], skills: [], queues: [] })),
      ).toEqual([]);
    }
  });

  it('names the schema for editors in its first line', () => {
    const [first] = readFileSync(`examples/${example}.yaml`, 'utf8').split('\n');
    expect(first).toBe('# yaml-language-server: $schema=../provisioner.schema.json');
  });
});
