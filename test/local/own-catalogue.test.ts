import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkNames, namesInTenant } from '../../functions/mapping/payload/check-names.ts';
import type { Catalogue } from '../../functions/smartassist/catalogue.ts';
import type { Configuration } from '../../functions/tenant/configuration.ts';
import { readYaml } from '../../functions/tenant/yaml.ts';
import { behaviourSchema } from '../../local/simulator/behaviour.ts';
import type { CatalogueSeed } from '../../local/simulator/catalogue.ts';
import { chosenCatalogue, isReadFrom } from '../../local/simulator/own-catalogue.ts';
import { OPERATIONS } from '../../local/simulator/route.ts';
import { asRead } from '../mapping/demo.ts';

const FILES = ['provisioner.yaml', ...readdirSync('examples').map((name) => `examples/${name}`)];

function configurationOf(text: string): Configuration {
  const { configuration, problems } = readYaml(text);
  if (configuration === undefined) throw new Error(JSON.stringify(problems));
  return configuration;
}

const problemsOf = ({ tenants }: Configuration, seed: CatalogueSeed) =>
  Object.values(tenants).flatMap((tenant) => checkNames(tenant, asRead(seed)));

it.each(FILES)('the simulator can have all names of %s', (file) => {
  const configuration = configurationOf(readFileSync(file, 'utf8'));
  expect(Object.values(configuration.tenants).flatMap(namesInTenant)).not.toEqual([]);
  const seed = chosenCatalogue('configuration', configuration);
  expect(problemsOf(configuration, seed)).toEqual([]);
});

it('a skill without a group, an id and a role with an id are the simulator’s, too', () => {
  const id = '5f0c1d2e3a4b5c6d7e8f9a0b';
  const shipped = configurationOf(readFileSync('provisioner.yaml', 'utf8'));
  const demo = shipped.tenants.demo;
  if (demo === undefined) throw new Error('provisioner.yaml has no tenant demo');
  const rules = [
    {
      name: 'own',
      set: {
        agentGroup: 'Zebra',
        role: 'Lead',
        queues: [{ queue: 'qu-bdc4010-e237-48e6-a1b2-c3d4e5f60718' }],
      },
      add: { skills: [{ skill: 'Stripes' }, { skill: 'Animals/Hooves' }, { skill: id }] },
    },
  ];
  const configuration = { tenants: { demo: { ...demo, rules, roles: { Lead: id } } } } as Configuration;
  const seed = chosenCatalogue('configuration', configuration);
  expect(problemsOf(configuration, seed)).toEqual([]);
  expect(seed.roles).toContainEqual({ _id: id, role: 'Lead' });
  expect(
    seed.skillGroups.map(({ name, skills }) => [name, skills.map((skill) => skill.name)]),
  ).toContainEqual(['Animals', ['Hooves']]);
});

it('names that were read from another SmartAssist are told from those of the simulator', () => {
  const shipped = configurationOf(readFileSync('provisioner.yaml', 'utf8'));
  const seed = chosenCatalogue('configuration', shipped);
  expect(isReadFrom(seed, asRead(seed))).toBe(true);
  const other: Catalogue = { ...asRead(seed), queues: [{ id: 'qu-1', name: 'Billing' }] };
  expect(isReadFrom(seed, other)).toBe(false);
});

it.each([
  ['absent.json', /^--catalogue: absent\.json can not be read \(ENOENT\); a file or the word configuration/],
  ['README.md', /^--catalogue: README\.md is not what check --live --save writes: it is no JSON$/],
  ['package.json', /^--catalogue: package\.json is not what check --live --save writes: agentGroups$/],
])('%s is no catalogue, and told so in one line', (file, said) => {
  const shipped = configurationOf(readFileSync('provisioner.yaml', 'utf8'));
  expect(() => chosenCatalogue(file, shipped)).toThrow(said);
});

it('every switch of the simulator is documented', () => {
  const page = readFileSync('docs/simulator.md', 'utf8');
  const switches = Object.keys(behaviourSchema.shape);
  expect(switches.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
  const kinds = ['status', 'drop-before', 'drop-after', 'hang', 'hang-after', 'garbage'];
  expect([...kinds, OPERATIONS[0]].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
