import { expect, it } from 'vitest';
import { markGroupDue } from '../../functions/provision/mark-due.ts';
import { aGroup } from '../contract/directory.ts';
import { demoTenant } from '../mapping/demo.ts';
import { person, provisionBench } from './bench.ts';

const later = { inline: undefined } as never;

it('groups of many reach each of them, on every page', async () => {
  const { lifecycle } = demoTenant();
  const open = { percent: 100, atLeast: 1_000, within: 3_600 };
  const brake = { ...open, long: open, changes: open };
  const bench = provisionBench({ tenant: { lifecycle: { ...lifecycle, brake } } });
  const { directory, services } = bench;
  for (let index = 0; index < 230; index += 1) {
    const { id } = await bench.stored(person(`p-${index}`), later);
    await directory.addMembers('demo', 'g1', [{ value: id }]);
  }
  await bench.settled();
  await directory.createGroup(aGroup('demo', 'g1', { displayName: 'Contact Centre Billing' }));
  await markGroupDue(services, 'demo', 'g1');
  await bench.settled();
  const billing = bench.simulator.catalogue.agentGroups.find(({ name }) => name === 'Billing')?.id;
  expect(bench.simulator.agents().filter(({ agentGroupId }) => agentGroupId !== billing)).toEqual([]);
});
