import { describe, expect, it } from 'vitest';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { authorityOf, serviceOf } from '../../functions/events/authority.ts';
import { idsOf, linksOf } from '../../functions/events/links.ts';
import { openDoor } from '../scim/door.ts';

/** A person out of service, as version 0.1.0 stored one. */
const stored = (changes: Partial<PersonRecord>): PersonRecord => ({
  tenant: 'demo',
  id: '1',
  version: 2,
  personVersion: 1,
  createdAt: '2026-11-01T00:00:00.000Z',
  updatedAt: '2026-11-02T00:00:00.000Z',
  source: 'scim',
  person: { userName: 'ada', active: false },
  state: 'suspended',
  priority: 0,
  agent: { customId: 'c', presence: 'suspended' },
  attempts: { count: 0, unknown: false },
  ...changes,
});
const holders = (record: PersonRecord) =>
  serviceOf(linksOf(record), authorityOf(undefined)).holders.map(({ source }) => source);

describe('an active of false that version 0.1.0 stored', () => {
  it('is that of SCIM, of the only source, or of the one that wrote last', () => {
    const hr = { id: '7', statusAt: '2026-11-01T00:00:00.000Z', sequence: 3, isMaker: true as const };
    expect(holders(stored({}))).toEqual(['scim']);
    expect(holders(stored({ links: { hr: { id: '7' } } }))).toEqual(['scim']);
    expect(holders(stored({ source: 'hr', links: { hr } }))).toEqual(['hr']);
    expect(holders(stored({ source: 'it', links: { hr, it: { id: '9' } } }))).toEqual(['it']);
    expect(idsOf(linksOf(stored({ source: 'hr', links: { hr } })).hr ?? {})).toEqual(['7']);
  });
});

describe('a person whom SCIM deactivated', () => {
  const ada = {
    userName: 'ada@example.com',
    externalId: '00u1',
    name: { givenName: 'Ada', familyName: 'Lovelace' },
    emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
    phoneNumbers: [{ value: '+49 30 1234567', type: 'work' }],
  };

  it.each([{}, { active: null }])('stays out by a PUT that does not say otherwise: %j', async (said) => {
    const door = openDoor();
    const { id } = (await door.create({ ...ada, active: false })).body;
    await door.send('PUT', `/Users/${String(id)}`, {
      body: JSON.stringify({ ...ada, ...said, title: 'Countess' }),
    });
    expect((await door.stored()).map(({ person }) => [person.active, person.title])).toEqual([
      [false, 'Countess'],
    ]);
  });

  it('comes back as the same person when created with the same externalId under a new userName', async () => {
    const door = openDoor();
    const { id } = (await door.create(ada)).body;
    await door.send('PUT', `/Users/${String(id)}`, { body: JSON.stringify({ ...ada, active: false }) });
    const again = await door.create({ ...ada, userName: 'ada.king@example.com', active: true });
    expect([again.status, again.body.id]).toEqual([201, id]);
    expect(door.simulator.agents()).toHaveLength(1);
  });
});
