import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import { listFailures } from '../../functions/operate/people/failures.ts';
import { indexPeople, isIndexed } from '../../functions/reconcile/people-index.ts';
import { silentLog } from '../../functions/runtime/log.ts';
import { silentMetrics } from '../../functions/runtime/metrics.ts';
import { aPerson } from '../contract/directory.ts';

const TENANT = 'demo';

/** People as version 0.1.0 left them, 250 of whom have failed. */
async function formerDirectory() {
  let now = Date.UTC(2030, 0, 1);
  const clock = { now: () => now, sleep: async () => {} };
  const directory = openDirectory(memoryTable(clock), clock);
  for (let i = 0; i < 250; i += 1) {
    const lastError = { code: 'invalid', message: 'phoneNumber is missing', at: '2029-12-31T00:00:00.000Z' };
    const id = `p${String(i).padStart(3, '0')}`;
    await directory.createPerson(
      aPerson(TENANT, id, { state: 'failed', attempts: { count: 1, unknown: false, lastError } }),
    );
  }
  const services = {
    directory,
    clock,
    log: silentLog,
    metrics: silentMetrics,
  } as unknown as Parameters<typeof indexPeople>[0];
  return {
    directory,
    services,
    now: () => now,
    advance: (ms: number) => {
      now += ms;
    },
  };
}

describe('the lists of people', () => {
  it('take in what version 0.1.0 wrote, in parts, and say when all of it is there', async () => {
    const { directory, services, now } = await formerDirectory();
    expect((await listFailures(services, TENANT)).count).toBe(0);
    // No time at all: nothing is begun.
    expect(await indexPeople(services, TENANT, now())).toBe(false);
    expect(await isIndexed(services, TENANT)).toBe(false);
    expect(await indexPeople(services, TENANT, now() + 60_000)).toBe(true);
    expect(await isIndexed(services, TENANT)).toBe(true);
    const { groups, count } = await listFailures(services, TENANT);
    expect(count).toBe(250);
    expect(groups).toMatchObject([{ reason: 'invalid', count: 250 }]);
    expect(await directory.countListed(TENANT, 'failed')).toBe(250);
  });

  it('have each record written once: what is listed already stays as it is', async () => {
    const { directory, services, now } = await formerDirectory();
    await indexPeople(services, TENANT, now() + 60_000);
    const listed = await directory.readPerson(TENANT, 'p007');
    await directory.eraseDocument(TENANT, 'people-index');
    expect(await indexPeople(services, TENANT, now() + 60_000)).toBe(true);
    expect(await directory.readPerson(TENANT, 'p007')).toEqual(listed);
  });

  it('are not begun with a second left', async () => {
    const { services, now } = await formerDirectory();
    expect(await indexPeople(services, TENANT, now() + 1_000)).toBe(false);
    expect(await indexPeople(services, TENANT, now() + 1_001)).toBe(true);
  });

  it('go on where the time was over', async () => {
    const { directory, services, now, advance } = await formerDirectory();
    const { listRecords } = directory;
    const pages: (string | undefined)[] = [];
    const slow = {
      ...services,
      directory: {
        ...directory,
        listRecords: (tenant: string, page: { after?: string; limit: number }) => {
          pages.push(page.after);
          advance(10_000);
          return listRecords(tenant, page);
        },
      },
    };
    expect(await indexPeople(slow, TENANT, now() + 15_000)).toBe(false);
    expect(await indexPeople(slow, TENANT, now() + 60_000)).toBe(true);
    expect(pages).toEqual([undefined, 'p099', 'p199']);
    expect(await indexPeople(slow, TENANT, now() + 60_000)).toBe(true);
    expect(pages).toHaveLength(3);
  });
});
