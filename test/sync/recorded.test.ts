import { describe, expect, it } from 'vitest';
import type { Answered, Asked, StandIn } from '../../local/providers/stand-in.ts';
import { noTrouble } from '../../local/providers/stand-in.ts';
import { openSyncWorld } from './world.ts';

const DAY_MS = 86_400_000;

/** Answers in the shapes of a vendor's documentation, for sources without a stand-in of their own. */
function openRecorded(
  source: Readonly<Record<string, unknown>>,
  credentials: readonly string[],
  answer: (asked: Asked) => Answered,
) {
  const standIn: StandIn = { answer, trouble: noTrouble(), calls: new Map() };
  return openSyncWorld({
    source: { ...source, sync: {} },
    credentials,
    tenant: { timeZone: 'Europe/Berlin' },
    standIn: () => standIn,
  });
}

describe('HiBob', () => {
  // https://apidocs.hibob.com/reference/post_people-search
  const employee = (number: number, status: string) => ({
    id: `30000000${number}`,
    firstName: `Given ${number}`,
    surname: `Family ${number}`,
    email: `person-${number}@acme.test`,
    work: { startDate: '2025-01-10', department: '1' },
    internal: { status },
    humanReadable: { work: { department: 'Billing' } },
  });

  it('is read in one answer, those out of service among them, and nobody leaves by being missing', async () => {
    let employees = [employee(1, 'Active'), employee(2, 'Active'), employee(3, 'Inactive')];
    const bodies: unknown[] = [];
    const world = openRecorded({ preset: 'hibob', fetch: {} }, ['service-user', 'token'], ({ body }) => {
      bodies.push(JSON.parse(body));
      return { status: 200, body: { employees } };
    });
    expect(await world.synced('initial')).toMatchObject({ calls: 1, counts: { new: 2, outside: 1 } });
    expect(bodies[0]).toMatchObject({ showInactive: true });
    expect(bodies[0]).not.toHaveProperty('filters');
    employees = [employee(1, 'Inactive'), employee(4, 'Active'), employee(5, 'Active')];
    world.clock.advance(DAY_MS);
    expect(await world.synced('full')).toMatchObject({ outcome: 'complete', counts: { gone: 1, new: 2 } });
    expect(await world.inService()).toEqual([
      'person-2@acme.test',
      'person-4@acme.test',
      'person-5@acme.test',
    ]);
  });
});

describe('Gusto', () => {
  // https://docs.gusto.com/embedded-payroll/reference/get-v1-companies-company_id-employees
  const employee = (number: number) => ({
    uuid: `7b1d0df1-6403-4a06-8768-${String(number).padStart(12, '0')}`,
    first_name: `Given ${number}`,
    last_name: `Family ${number}`,
    work_email: `person-${number}@acme.test`,
    terminated: false,
    terminations: [],
    jobs: [{ primary: true, title: 'Agent', hire_date: '2025-01-10' }],
  });

  it('is read page by page, as many as its header says', async () => {
    const all = Array.from({ length: 230 }, (_, index) => employee(index + 1));
    const paths: string[] = [];
    const world = openRecorded(
      { preset: 'gusto', fetch: { companyId: 'acme' } },
      ['token'],
      ({ path, query }) => {
        paths.push(path);
        const page = Number(query.get('page'));
        const per = Number(query.get('per'));
        return {
          status: 200,
          headers: { 'x-total-pages': String(Math.ceil(all.length / per)) },
          body: all.slice((page - 1) * per, page * per),
        };
      },
    );
    expect(await world.synced('initial')).toMatchObject({ outcome: 'complete', counts: { new: 230 } });
    expect(paths).toEqual(Array.from({ length: 3 }, () => '/v1/companies/acme/employees'));
    world.clock.advance(DAY_MS);
    expect(await world.synced('full')).toMatchObject({ counts: { unchanged: 230 } });
  });
});
