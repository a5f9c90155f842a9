import { describe, expect, it } from 'vitest';
import type { PersonRecord } from '../../../functions/directory/record.ts';
import { obstacleTo, stoppedBy } from '../../../functions/provision/agent/address-change.ts';
import { writeProbe } from '../../../functions/provision/agent/probe-record.ts';
import { START } from '../../local/simulator-bench.ts';
import { provisionBench } from '../bench.ts';
import { mail, named, recordOf, store, withAgent } from './attempt.ts';

const LEASE = { holder: 'another function', until: START + 60_000 };
const later = { createdAt: new Date(START + 1).toISOString() };
const DUE = { state: 'due', dueAt: new Date(START).toISOString() } as const;

/** A person whose agent has one address and is to have another one. */
const moving = (id: string, to: string, changes: Partial<PersonRecord> = {}) =>
  withAgent(id, {}, { ...DUE, person: named(id, to), ...changes });

/** What stands in ada's way to an address, among other persons. */
async function wayOf(ada: PersonRecord, others: readonly PersonRecord[], emailChange?: 'taken' | 'ignored') {
  const { provisioning, services, directory } = provisionBench();
  for (const each of [ada, ...others]) await store({ directory }, each);
  if (emailChange !== undefined) {
    await writeProbe(directory, provisioning.account, { at: 'now', emailChange });
  }
  return (name: string) => obstacleTo(provisioning, services, ada, mail(name));
}

const HELD = { kind: 'held', message: expect.stringContaining('"eve"') };
const AWAITED = { kind: 'awaited', message: expect.stringMatching(/^emailId: /) };

describe('in the way of an address stands', () => {
  it('nothing where the agent has it, is alone with it, or another person is to have it later', async () => {
    const eve = recordOf('eve', { person: named('eve', 'ada'), ...later });
    expect(await (await wayOf(withAgent('ada'), [eve]))('ada')).toBeUndefined();
    expect(await (await wayOf(moving('ada', 'desk'), []))('desk')).toBeUndefined();
    expect(
      await (await wayOf(moving('ada', 'desk'), [moving('eve', 'desk', later)]))('desk'),
    ).toBeUndefined();
  });

  it('nothing where the agent has it although another person’s agent is said to have it, too', async () => {
    const eve = withAgent('eve', { emailId: mail('ada') });
    expect(await (await wayOf(withAgent('ada'), [eve]))('ada')).toBeUndefined();
  });

  it.each<[string, PersonRecord]>([
    ['has an agent with it that stays as it is', withAgent('eve', {}, { person: named('eve', 'eve') })],
    [
      'left, and whose agent has it',
      withAgent('eve', { presence: 'suspended' }, { person: named('eve', 'eve') }),
    ],
    [
      'left, and whose agent would get another one',
      moving('eve', 'desk', { person: { ...named('eve', 'desk'), active: false } }),
    ],
    ['is deleted, and whose agent would get another one', moving('eve', 'desk', { deletedAt: DUE.dueAt })],
    ['could not get another one', withAgent('eve', {}, { state: 'failed', person: named('eve', 'desk') })],
    ['is due, and to keep it', moving('eve', 'eve')],
  ])('a person who %s', async (_, eve) => {
    const obstacle = await (await wayOf(moving('ada', 'eve'), [eve]))('eve');
    expect(obstacle).toEqual(HELD);
    expect(obstacle?.kind === 'held' && obstacle.message).not.toContain('doctor --probe');
  });

  it('a person who was there first, and is to have it', async () => {
    const eve = recordOf('eve', { person: named('eve', 'desk') });
    expect(await (await wayOf(moving('ada', 'desk', later), [eve]))('desk')).toEqual(HELD);
  });

  it.each<[string, PersonRecord]>([
    ['is about to get another one', moving('eve', 'desk')],
    [
      'is not known to be there, and about to get another one',
      recordOf('eve', {
        attempts: { count: 1, unknown: true },
        agent: { customId: 'key', presence: 'none', emailId: mail('eve') },
        person: named('eve', 'desk'),
      }),
    ],
    [
      'is being made at this moment for a person who came later',
      recordOf('eve', {
        lease: LEASE,
        agent: { customId: 'key', presence: 'none', emailId: mail('eve') },
        person: named('eve', 'eve'),
        ...later,
      }),
    ],
  ])('for now a person whose agent %s', async (_, eve) => {
    expect(await (await wayOf(moving('ada', 'eve'), [eve]))('eve')).toEqual(AWAITED);
  });

  it('a person for whom an agent is being made and who was there first', async () => {
    const eve = recordOf('eve', {
      lease: LEASE,
      agent: { customId: 'key', presence: 'none', emailId: mail('eve') },
      person: named('eve', 'eve'),
    });
    expect(await (await wayOf(moving('ada', 'eve', later), [eve]))('eve')).toEqual(HELD);
  });
});

describe('of persons who exchange addresses', () => {
  const eve = moving('eve', 'ada');

  it.each([undefined, 'ignored'] as const)(
    'each holds the other where changes are not known to be taken: %j',
    async (found) => {
      const obstacle = await (await wayOf(moving('ada', 'eve'), [eve], found))('eve');
      expect(obstacle).toEqual({ kind: 'held', message: expect.stringMatching(/"eve".*doctor --probe/) });
    },
  );

  it('the first one by its id makes way, by an address of the same mailbox', async () => {
    const obstacle = await (await wayOf(moving('ada', 'eve'), [eve], 'taken'))('eve');
    expect(obstacle).toEqual({
      kind: 'exchanged',
      interim: `ada+${moving('ada', 'eve').agent.customId}@example.com`,
    });
  });

  it('the others wait', async () => {
    const zoe = moving('zoe', 'eve');
    const other = moving('eve', 'zoe');
    expect(await (await wayOf(zoe, [other], 'taken'))('eve')).toEqual(AWAITED);
  });

  it('three make way in a ring, and the first one of them begins', async () => {
    const others = [moving('eve', 'kim'), moving('kim', 'ada')];
    expect(await (await wayOf(moving('ada', 'eve'), others, 'taken'))('eve')).toMatchObject({
      kind: 'exchanged',
    });
  });

  it('twenty at most do, besides the one who asks', async () => {
    const ring = (size: number) =>
      Array.from({ length: size }, (_, index) =>
        moving(`p${index}`, index + 1 === size ? 'ada' : `p${index + 1}`),
      );
    expect(await (await wayOf(moving('ada', 'p0'), ring(20), 'taken'))('p0')).toMatchObject({
      kind: 'exchanged',
    });
    expect(await (await wayOf(moving('ada', 'p0'), ring(21), 'taken'))('p0')).toEqual(AWAITED);
  });

  it('one who waits for a ring of others waits on', async () => {
    // Eve and kim exchange theirs; ada is to have eve's.
    const others = [moving('eve', 'kim'), moving('kim', 'eve')];
    expect(await (await wayOf(moving('ada', 'eve'), others, 'taken'))('eve')).toEqual(AWAITED);
  });

  it('none makes way where the address that is made free would go to a third one first', async () => {
    const first = moving('zoe', 'eve', { createdAt: new Date(START - 1).toISOString() });
    const obstacle = await (await wayOf(moving('ada', 'eve'), [eve, first], 'taken'))('eve');
    expect(obstacle).toEqual(HELD);
    expect(obstacle?.kind === 'held' && obstacle.message).not.toContain('doctor --probe');
  });

  it.each<[string, PersonRecord]>([
    ['who stays', withAgent('kim', {}, { person: named('kim', 'kim') })],
    [
      'who was refused another address',
      withAgent('kim', {}, { state: 'failed', person: named('kim', 'ada') }),
    ],
    ['who left', moving('kim', 'ada', { person: { ...named('kim', 'ada'), active: false } })],
  ])('none does where the chain ends with a person %s', async (_, kim) => {
    const others = [moving('eve', 'kim'), kim];
    expect(await (await wayOf(moving('ada', 'eve'), others, 'taken'))('eve')).toEqual(AWAITED);
  });
});

describe('what an obstacle comes to where nothing is done about it now', () => {
  it('is a refusal that says whose the address is, or another attempt', () => {
    expect(stoppedBy({ kind: 'held', message: 'it is that of "eve"' })).toEqual({
      kind: 'taken',
      message: 'it is that of "eve"',
    });
    const postponed = { kind: 'postponed', code: 'address-awaited', unknown: false };
    expect(stoppedBy({ kind: 'awaited', message: 'being made' })).toEqual({
      ...postponed,
      message: 'being made',
    });
    expect(stoppedBy({ kind: 'exchanged', interim: 'ada+key@example.com' })).toEqual({
      ...postponed,
      message: expect.stringMatching(/^emailId: /),
    });
  });
});
