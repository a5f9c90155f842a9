import { describe, expect, it } from 'vitest';
import type { PersonRecord } from '../../../functions/directory/record.ts';
import {
  addressIn,
  has,
  holderOfAddress,
  isBefore,
  isOfAnother,
  isWanted,
  mayBeMade,
  personsOfAddress,
  wasSent,
} from '../../../functions/provision/agent/address.ts';
import type { Person } from '../../../functions/scim-core/person.ts';
import { START } from '../../local/simulator-bench.ts';
import { person, provisionBench } from '../bench.ts';
import { recordOf, store, withAgent } from './attempt.ts';

const DESK = 'desk@example.com';
const LEASE = { holder: 'a function', until: START + 60_000 };
const at = (time: number) => new Date(START + time).toISOString();

/** A person whose agent is to have an address. */
const of = (id: string, address: string): Person =>
  person(id, { userName: id, emails: [{ value: address, type: 'work', primary: true }] });

const unknown = { count: 1, unknown: true };
const sent = (id: string, changes: Partial<PersonRecord> = {}) =>
  recordOf(id, { agent: { ...recordOf(id).agent, emailId: DESK }, ...changes });

/** What ada, who is to have the desk's address, finds in a directory of other persons. */
async function among(others: readonly PersonRecord[], ada: PersonRecord = recordOf('ada')) {
  const { provisioning, services, directory } = provisionBench();
  const record = { ...ada, person: of('ada', DESK) };
  for (const each of [record, ...others]) await store({ directory }, each);
  return {
    holder: async () => (await holderOfAddress(provisioning, services, record, DESK))?.id,
    isOfAnother: () => isOfAnother(provisioning, services, record, DESK),
    persons: async (address: string) =>
      (await personsOfAddress(provisioning, services, address)).map(({ id }) => id).toSorted(),
  };
}

describe('an address that was sent', () => {
  it.each<[string, boolean, PersonRecord]>([
    ['an agent in service', true, withAgent('eve', { emailId: DESK })],
    ['a suspended agent', true, withAgent('eve', { emailId: DESK, presence: 'suspended' })],
    ['a create whose outcome nobody knows', true, sent('eve', { attempts: unknown })],
    ['a create that is under way', true, sent('eve', { lease: LEASE })],
    ['a create that was known to fail', false, sent('eve')],
    ['an agent that was removed', false, withAgent('eve', { emailId: DESK, presence: 'removed' })],
    ['an agent with another address', false, withAgent('eve')],
    [
      'an agent of version 0.1.0, which kept no address',
      false,
      { ...withAgent('eve'), agent: recordOf('eve').agent },
    ],
  ])('with %s may be that of the agent: %j', (_, may, record) => {
    expect(wasSent(record, ' Desk@EXAMPLE.com ')).toBe(may);
  });
});

describe('an agent’s address', () => {
  it.each<[string, boolean, PersonRecord]>([
    ['in service under it', true, withAgent('eve', { emailId: DESK })],
    ['in service under another one', false, withAgent('eve')],
    ['that is not there for certain', false, sent('eve', { attempts: unknown })],
    [
      'of which no address was kept',
      true,
      recordOf('eve', { agent: { customId: 'key', presence: 'active' } }),
    ],
    ['that is not there, and of which none was kept', false, recordOf('eve')],
  ])('is known of one %s: %j', (_, isKnown, record) => {
    expect(has(record, DESK)).toBe(isKnown);
  });

  it('of the mapping is in one spelling, and none where the mapping gives none', () => {
    expect(addressIn({ agent: { emailId: ' Desk@Example.com ' } })).toBe(DESK);
    expect(addressIn({ agent: {} })).toBe('');
  });
});

describe('an agent that a call of unknown outcome may have made', () => {
  it.each<[string, boolean, PersonRecord]>([
    ['with the address that was sent', true, sent('eve', { attempts: unknown })],
    ['with an address that nobody kept', true, recordOf('eve', { attempts: unknown })],
    ['with another address', false, { ...withAgent('eve'), attempts: unknown }],
    ['where the outcome is known', false, withAgent('eve', { emailId: DESK })],
    ['where nothing was sent', false, recordOf('eve')],
  ])('%s may have this one: %j', (_, may, record) => {
    expect(mayBeMade(record, DESK)).toBe(may);
  });
});

describe('the persons of an address', () => {
  it('are those who are to have it and those who were sent it, in any spelling, and no others', async () => {
    const { persons } = await among([
      sent('eve', { attempts: unknown }),
      // The user name is the desk's address, and the agent's is another one.
      recordOf('bob', { person: { ...person('bob'), userName: DESK } }),
      recordOf('kim'),
    ]);
    expect(await persons('Desk@Example.com')).toEqual(['ada', 'eve']);
    expect(await persons('kim@example.com')).toEqual(['kim']);
  });

  it('are none where there is no address', async () => {
    const { persons } = await among([
      recordOf('eve', { person: { userName: 'eve', emails: [], active: true } }),
      recordOf('bob', { person: { userName: '', active: true } }),
    ]);
    expect(await persons('')).toEqual([]);
  });
});

describe('the holder of an address', () => {
  const younger = { createdAt: at(1) };
  const older = { createdAt: at(-1) };
  const toHave = (changes: Partial<PersonRecord>) => recordOf('eve', { person: of('eve', DESK), ...changes });

  it.each<[string, boolean, PersonRecord]>([
    ['has an agent with it', true, withAgent('eve', { emailId: DESK }, younger)],
    [
      'left, and whose agent has it',
      true,
      withAgent('eve', { emailId: DESK, presence: 'suspended' }, younger),
    ],
    ['was sent a create with it', true, sent('eve', { attempts: unknown, ...younger })],
    [
      'has an agent of which no address was kept, and is to have it',
      true,
      { ...toHave(younger), agent: { customId: 'key', presence: 'active' } },
    ],
    [
      'is to have it, and whose agent is said to have what it is to have',
      true,
      withAgent('eve', {}, { person: of('eve', DESK), ...younger }),
    ],
    ['is to have it, and was there first', true, toHave(older)],
    ['is to have it, and came later', false, toHave(younger)],
    ['was to have it, and failed', false, toHave({ state: 'failed', ...older })],
    ['was to have it, and is deleted', false, toHave({ deletedAt: at(0), ...older })],
    [
      'was to have it, and is out of service',
      false,
      toHave({ person: { ...of('eve', DESK), active: false }, ...older }),
    ],
    [
      'is to have it, but whose agent has another one yet, and came later',
      false,
      withAgent('eve', {}, { person: of('eve', DESK), state: 'due', ...younger }),
    ],
  ])('is another person who %s: %j', async (_, isHolder, eve) => {
    const { holder } = await among([eve]);
    expect(await holder()).toBe(isHolder ? 'eve' : undefined);
  });

  it('is not a person who waits for it while the asking one’s agent has it', async () => {
    const { holder } = await among([toHave(older)], withAgent('ada', { emailId: DESK }));
    expect(await holder()).toBeUndefined();
  });

  it('is the one whose agent has it before those who are to get it, and of these the first one', async () => {
    const since = (id: string, time: number) => recordOf(id, { person: of(id, DESK), createdAt: at(time) });
    const [third, second, first] = [since('bob', -1), since('kim', -2), since('zoe', -3)];
    expect(await (await among([third, second, first])).holder()).toBe('zoe');
    const owner = withAgent('zula', { emailId: DESK }, younger);
    expect(await (await among([third, second, first, owner])).holder()).toBe('zula');
  });

  it('is nobody where no other person has to do with it', async () => {
    const { holder } = await among([recordOf('eve')]);
    expect(await holder()).toBeUndefined();
  });
});

describe('an agent with an address, of which no id says whose it is', () => {
  const made = (changes: Partial<PersonRecord> = {}) => withAgent('eve', { emailId: DESK }, changes);
  const asked = (changes: Partial<PersonRecord> = {}) => sent('eve', { attempts: unknown, ...changes });

  it.each<[string, boolean, PersonRecord]>([
    ['whose agent was made with it', true, made({ createdAt: at(1) })],
    ['whose agent is known by its id', false, withAgent('eve', { emailId: DESK, agentId: 'a-1' })],
    ['whose create of unknown outcome came first', true, asked({ createdAt: at(-1) })],
    ['whose create of unknown outcome came later', false, asked({ createdAt: at(1) })],
    ['who was never sent it', false, recordOf('eve', { person: of('eve', DESK), createdAt: at(-1) })],
  ])('is that of another person %s: %j', async (_, isTheirs, eve) => {
    const ada = await among([eve], sent('ada', { attempts: unknown }));
    expect(await ada.isOfAnother()).toBe(isTheirs);
  });

  it('is not another person’s where it is the asking one’s alone', async () => {
    const ada = await among([recordOf('eve')], sent('ada', { attempts: unknown }));
    expect(await ada.isOfAnother()).toBe(false);
  });

  it('is the asking one’s where that one’s agent is known to be there', async () => {
    const ada = await among([made({ createdAt: at(-1) })], withAgent('ada', { emailId: DESK }));
    expect(await ada.isOfAnother()).toBe(false);
  });
});

describe('of two persons', () => {
  it.each([
    [{ createdAt: at(0), id: 'b' }, { createdAt: at(1), id: 'a' }, true],
    [{ createdAt: at(1), id: 'a' }, { createdAt: at(0), id: 'b' }, false],
    [{ createdAt: at(0), id: 'a' }, { createdAt: at(0), id: 'b' }, true],
    [{ createdAt: at(0), id: 'b' }, { createdAt: at(0), id: 'a' }, false],
    [{ createdAt: at(0), id: 'a' }, { createdAt: at(0), id: 'a' }, false],
  ])('the one who was there first goes before, and by id those of one moment: %j, %j', (one, other, goes) => {
    expect(isBefore(recordOf(one.id, one), recordOf(other.id, other))).toBe(goes);
  });

  it('a person is to be an agent by today’s mapping, unless deleted or out of service', async () => {
    const { provisioning, services } = provisionBench();
    const wanted = (changes: Partial<PersonRecord>) =>
      isWanted(provisioning, services, recordOf('ada', changes));
    expect(await wanted({})).toBe(true);
    expect(await wanted({ deletedAt: at(0) })).toBe(false);
    expect(await wanted({ person: person('ada', { active: false }) })).toBe(false);
  });
});
