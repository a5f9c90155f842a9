import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Directory, openDirectory } from '../../functions/directory/directory.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { openSqliteTable } from '../../functions/directory/sqlite/table.ts';
import { customIdOf } from '../../functions/provision/custom-id.ts';
import { detectConfigurationChange } from '../../functions/provision/drain/configuration-change.ts';
import { openServices } from '../../functions/provision/services.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { silentLog } from '../../functions/runtime/log.ts';
import { silentMetrics } from '../../functions/runtime/metrics.ts';
import { demoCatalogue, demoTenant } from '../mapping/demo.ts';
import { printGoals } from './goals.ts';
import { runProgram } from './program.ts';

/**
 * `npm run bench -- plan`: what `plan` takes over a contact centre of 100,000 in SQLite when the configuration has
 * changed for everybody, so that each person is mapped twice. Fails when it is over what it may be.
 */

const PERSONS = 100_000;
const GROUPS = 50;
const GROUPS_OF_ONE = 2;
/** One of so many left and would be put out of service; so many are new. */
const EVERY_LEAVER = 20;
const EVERY_JOINER = 10;
const MOST_SECONDS = 20;
const MOST_MEGABYTES = 250;

const TENANT = 'demo';
const AT = '2026-11-23T10:00:00.000Z';
const idOf = (kind: string, index: number) => `${kind}-${String(index).padStart(6, '0')}`;

function recordOf(index: number): PersonRecord {
  const id = idOf('person', index);
  const userName = `agent.${index}@example.com`;
  const isNew = index % EVERY_JOINER === 0;
  return {
    tenant: TENANT,
    id,
    version: 1,
    personVersion: 1,
    createdAt: AT,
    updatedAt: AT,
    source: 'scim',
    person: {
      userName,
      active: index % EVERY_LEAVER !== 1,
      name: { givenName: `Given ${index}`, familyName: `Family ${index}` },
      emails: [{ value: userName, type: 'work', primary: true }],
      phoneNumbers: [{ value: `+49 30 ${1_000_000 + index}`, type: 'work' }],
      preferredLanguage: index % 3 === 0 ? 'de-DE' : 'en-GB',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
        department: ['Billing', 'Support', 'Sales'][index % 3],
        employeeNumber: String(index),
      },
    },
    ...(isNew ? { state: 'due', dueAt: AT } : { state: 'provisioned' }),
    priority: 1,
    agent: {
      customId: customIdOf(TENANT, id),
      ...(isNew
        ? { presence: 'none' }
        : { presence: 'active', appliedHash: 'of another mapping', appliedAt: AT }),
    },
    attempts: { count: 0, unknown: false },
  };
}

async function inParallel(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < count; from += 1000) {
    const size = Math.min(1000, count - from);
    await Promise.all(Array.from({ length: size }, (_, index) => work(from + index)));
  }
}

/** Who is in the directory, who is in which group, and with which configuration everybody was last mapped. */
async function fill(directory: Directory): Promise<void> {
  await inParallel(PERSONS, (index) => directory.createPerson(recordOf(index)));
  await inParallel(GROUPS, async (index) => {
    const id = idOf('group', index);
    const group = { displayName: `Contact Centre ${index}` };
    const times = { createdAt: AT, updatedAt: AT };
    await directory.createGroup({ tenant: TENANT, id, version: 1, groupVersion: 1, ...times, group });
    const size = (PERSONS * GROUPS_OF_ONE) / GROUPS;
    const members = Array.from({ length: size }, (_, member) => ({
      value: idOf('person', (index * (PERSONS / GROUPS) + member) % PERSONS),
    }));
    await directory.addMembers(TENANT, id, members);
  });
  await directory.writeDocument(TENANT, 'catalogue', { ...demoCatalogue });
  const services = openServices({
    directory,
    secrets: { get: () => Promise.reject(), refresh: () => Promise.reject() },
    transport: () => Promise.reject(),
    clock: systemClock,
    random: Math.random,
    randomId: () => '',
    log: silentLog,
    metrics: silentMetrics,
    ring: async () => {},
  });
  await detectConfigurationChange(openTenant(TENANT, demoTenant(), services), services);
}

const folder = mkdtempSync(join(tmpdir(), 'agent-provisioner-plan-'));
try {
  console.log(`plan over ${PERSONS} persons, each in ${GROUPS_OF_ONE} of ${GROUPS} groups, SQLite`);
  const table = openSqliteTable(join(folder, 'directory.sqlite'), systemClock);
  await fill(openDirectory(table, systemClock));
  table.close();
  const configuration = join(folder, 'provisioner.yaml');
  writeFileSync(
    configuration,
    readFileSync('provisioner.yaml', 'utf8').replace('capacity: 3', 'capacity: 4'),
  );
  const argv = ['plan', '--json', '--configuration', configuration, '--data-dir', folder];
  const { code, seconds, cpuSeconds, megabytes, last } = await runProgram(argv);
  if (code !== 0 || !last.startsWith('{"outlook"')) throw new Error(`plan ended with ${code}: ${last}`);
  console.log(`  ${last}`);
  console.log(`  ${seconds.toFixed(1)} s by the clock`);
  printGoals([
    // One thread does it all: on a machine that does nothing else these are the seconds on the clock.
    { what: 'time of a processor', is: cpuSeconds, unit: 's', most: MOST_SECONDS },
    { what: 'most memory', is: megabytes, unit: 'MB', most: MOST_MEGABYTES },
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
