import { describe, expect, it } from 'vitest';
import { AGENT_CHANGES } from '../../../functions/provision/history.ts';
import { remove, undo } from '../../../functions/provision/leaving/removal.ts';
import { demoTenant } from '../../mapping/demo.ts';
import { person, provisionBench } from '../bench.ts';
import {
  GONE,
  HELD,
  inSales,
  type LeaverOptions,
  leaver,
  OUT,
  openPorts,
  REFUSED,
  TERMS,
  UNANSWERED,
  UNREACHABLE,
} from './ports.ts';

const BRAKE = 'brake leaving leaving';
const THROTTLED = { outcome: 'throttled', waitMs: 5 } as const;

async function removed(options: LeaverOptions, record = leaver({}), alsoUser = false) {
  const { ports, asked } = openPorts(options);
  return { result: await remove(ports, record, alsoUser, TERMS), asked };
}

describe('an agent that is deleted', () => {
  it('asks the brake, and is deleted by its id', async () => {
    const { result, asked } = await removed({ there: inSales() });
    expect(result).toEqual({ kind: 'removed' });
    expect(asked).toEqual([BRAKE, 'delete a-ada']);
  });

  it('stays where the brake holds, and no call is made', async () => {
    const { result, asked } = await removed({ there: inSales(), holds: true });
    expect(result).toEqual({ kind: 'held', hold: HELD });
    expect(asked).toEqual([BRAKE]);
  });

  it('asks no brake where it was put out of service before', async () => {
    const { asked } = await removed({ there: inSales(), holds: true }, leaver({ presence: 'suspended' }));
    expect(asked).toEqual(['delete a-ada']);
  });

  it('is looked up where its id is not known', async () => {
    const { result, asked } = await removed({ there: inSales() }, leaver({ agentId: undefined }));
    expect(result).toEqual({ kind: 'removed' });
    expect(asked).toEqual([BRAKE, 'find key of ada', 'delete a-ada']);
  });

  it('asks the brake when it is seen that there is one', async () => {
    const made = leaver({ presence: 'none', agentId: undefined }, { unknown: true });
    const held = await removed({ there: inSales(), holds: true }, made);
    expect(held.result).toEqual({ kind: 'held', hold: HELD });
    expect(held.asked).toEqual(['find key of ada', BRAKE]);
    expect((await removed({ there: inSales() }, made)).result).toEqual({ kind: 'removed' });
  });

  it('is nothing where there was none', async () => {
    const made = leaver({ presence: 'none', agentId: undefined }, { unknown: true });
    const { result, asked } = await removed({}, made, true);
    expect(result).toEqual({ kind: 'nothing' });
    expect(asked).toEqual(['find key of ada']);
  });

  it('is never one that another person holds, nor is that one’s user deleted', async () => {
    for (const unknown of [false, true]) {
      const { result, asked } = await removed(
        { there: inSales(), isHeldByAnother: true },
        leaver({}, { unknown }),
        true,
      );
      expect(result).toEqual({ kind: 'nothing' });
      expect(asked).toEqual([BRAKE, 'find key of ada']);
    }
  });

  it('stays due where it can not be looked up', async () => {
    const { result, asked } = await removed(
      { there: inSales(), answers: { find: UNANSWERED } },
      leaver({ agentId: undefined }),
    );
    expect(result).toMatchObject({ kind: 'postponed', unknown: false });
    expect(asked).not.toContain('delete a-ada');
  });

  it.each([
    ['is refused', REFUSED, false, 'refused', false],
    ['has no answer', UNANSWERED, false, 'postponed', true],
    ['does not arrive', UNREACHABLE, false, 'postponed', false],
    ['does not arrive, after one without an answer', UNREACHABLE, true, 'postponed', true],
    ['is throttled', THROTTLED, false, 'no-slot', false],
  ] as const)(
    'is looked for where it may be gone, and only there: a deletion that %s',
    async (_, deleteAgent, unknown, kind, leaves) => {
      const there = { there: inSales(), answers: { deleteAgent } };
      const { result, asked } = await removed(there, leaver({}, { unknown }), true);
      expect(result).toMatchObject({ kind, unknown: leaves });
      expect(asked.filter((call) => call.startsWith('delete user'))).toEqual([]);
    },
  );

  it('is said to have been gone where an administrator was faster', async () => {
    const { result } = await removed({ answers: { deleteAgent: GONE } });
    expect(result).toEqual({ kind: 'removed', wasGone: true });
  });
});

describe('the user of the account', () => {
  it('is deleted after the agent, by the address that the agent was sent', async () => {
    const { asked } = await removed({ there: inSales() }, leaver({ emailId: 'sent@example.com' }), true);
    expect(asked).toEqual([BRAKE, 'delete a-ada', 'delete user sent@example.com']);
  });

  it('is deleted by the address that the mapping gives where none was kept', async () => {
    const { asked } = await removed({ there: inSales() }, leaver({ emailId: undefined }), true);
    expect(asked.at(-1)).toBe('delete user address@example.com');
  });

  it.each([
    ['refuses it', REFUSED],
    ['does not take the credentials', { outcome: 'unauthorized', message: 'no scope' }],
    ['does not have it', GONE],
  ] as const)('is said to be left where SmartAssist %s, and how to change that', async (_, deleteUser) => {
    const { result } = await removed({ there: inSales(), answers: { deleteUser } }, leaver({}), true);
    expect(result).toEqual({
      kind: 'removed',
      remains: expect.stringMatching(
        /^The agent is deleted, and the user of the account is still there .*User Management > User Management\):/,
      ),
    });
  });

  it('goes with an agent that an administrator has deleted', async () => {
    const { result, asked } = await removed({ answers: { deleteAgent: GONE } }, leaver({}), true);
    expect(result).toEqual({ kind: 'removed', wasGone: true });
    expect(asked.at(-1)).toBe('delete user ada@example.com');
  });

  it.each([
    ['has no answer', UNANSWERED, 'postponed'],
    ['is throttled', THROTTLED, 'no-slot'],
  ] as const)(
    'is tried again where it %s, and its agent is not looked for: one could be new',
    async (_, deleteUser, kind) => {
      const answers = { deleteUser };
      const ours = await removed({ there: inSales(), answers }, leaver({}), true);
      expect(ours.result).toMatchObject({ kind, unknown: false });
      const again = await removed({ answers: { deleteAgent: GONE } }, leaver({}), true);
      expect(again.asked).toEqual([BRAKE, 'delete a-ada', 'delete user ada@example.com']);
    },
  );

  it('is not touched where the record is another function’s by then', async () => {
    const unknown = leaver({}, { unknown: true });
    const { result, asked } = await removed({ isLost: true }, unknown, true);
    expect(result).toMatchObject({ kind: 'postponed' });
    expect(asked.filter((call) => call.startsWith('delete'))).toEqual([]);
  });
});

describe('a deletion that was begun and not ended', () => {
  it.each([
    ['remove', 'DELETE /agents/{agentId}', 'drop-after', false],
    ['remove', 'DELETE /agents/{agentId}', 'drop-before', true],
    ['removeUser', 'DELETE /agents/{agentId}', 'drop-after', false],
    ['removeUser', 'DELETE /users', 'drop-before', false],
    ['removeUser', 'DELETE /users', 'drop-after', false],
  ] as const)(
    'ends, and is in the audit where it is known: %s, %s %s',
    async (onDelete, on, kind, isKnown) => {
      const lifecycle = { ...demoTenant().lifecycle, onDelete };
      const bench = provisionBench({ tenant: { lifecycle } });
      const before = await bench.stored(person('ada'));
      bench.simulator.setBehaviour({ faults: [{ on, kind, times: 1 }] });
      const record = await bench.stored(before.person, {
        before,
        deleted: true,
        ...({ inline: undefined } as object),
      });
      await bench.settled();
      expect(await bench.read(record)).toMatchObject({ state: 'removed', agent: { presence: 'removed' } });
      expect(bench.simulator.agents()).toEqual([]);
      expect(bench.simulator.users()).toEqual(onDelete === 'remove' ? ['ada@example.com'] : []);
      const { entries } = await bench.directory.listHistory('demo', AGENT_CHANGES, { limit: 10 });
      const [last] = (await bench.directory.listHistory('demo', record.id, { limit: 1 })).entries;
      expect(last).toMatchObject({ what: 'removed' });
      expect(entries.map(({ what }) => what)).toEqual(isKnown ? ['removed', 'created'] : ['created']);
      expect(last?.message).toBe(isKnown ? undefined : 'SmartAssist had no such agent any more');
    },
  );

  it('is not told of in the audit where an administrator was faster, and the call never arrived', async () => {
    const lifecycle = { ...demoTenant().lifecycle, onDelete: 'remove' } as const;
    const bench = provisionBench({ tenant: { lifecycle } });
    const made = await bench.stored(person('ada'));
    // A change finds out the agent's id.
    const name = { givenName: 'Adele', familyName: 'Example' };
    const before = await bench.stored(person('ada', { name }), { before: made });
    expect(before.agent.agentId).toBeDefined();
    // Later than what is undone, for which the agent is looked at first.
    bench.clock.advance(3_600_000);
    const terms = { ...TERMS, deadline: bench.clock.now() + 60_000 };
    for (const { id } of bench.simulator.agents()) await bench.provisioning.client.deleteAgent(id, terms);
    expect(bench.simulator.agents()).toEqual([]);
    bench.simulator.setBehaviour({
      faults: [{ on: 'DELETE /agents/{agentId}', kind: 'drop-before', times: 1 }],
    });
    await bench.stored(before.person, { before, deleted: true, ...({ inline: undefined } as object) });
    await bench.settled();
    const { entries } = await bench.directory.listHistory('demo', AGENT_CHANGES, { limit: 10 });
    expect(entries.map(({ what }) => what)).toEqual(['updated', 'created']);
  });
});

describe('an agent that was made for a test', () => {
  const undone = async (options: LeaverOptions, record = leaver({})) => {
    const { ports, asked } = openPorts(options);
    return { result: await undo(ports, record, OUT, TERMS), asked };
  };

  it.each([undefined, null, ''])('is deleted where it was never online: %s', async (lastOnlineAt) => {
    const { result, asked } = await undone(
      { there: inSales({ lastOnlineAt }) },
      leaver({}, { unknown: true }),
    );
    expect(result).toEqual({ kind: 'removed' });
    // By the id that was read, so that it isn't looked for again.
    expect(asked).toEqual(['get a-ada', BRAKE, 'delete a-ada']);
  });

  it('is put out of service where it has worked', async () => {
    const { result, asked } = await undone({ there: inSales({ lastOnlineAt: '2026-11-26T08:00:00.000Z' }) });
    expect(result).toMatchObject({ kind: 'suspended', did: 'suspended' });
    expect(asked.at(-1)).toBe('update a-ada');
  });

  it('is deleted by the id that was found', async () => {
    const { asked } = await undone({ there: inSales() }, leaver({ agentId: undefined }));
    expect(asked.at(-1)).toBe('delete a-ada');
  });

  it('stays due where it can not be read', async () => {
    const { result } = await undone({ there: inSales(), answers: { get: UNANSWERED } });
    expect(result).toMatchObject({ kind: 'postponed' });
  });

  it('is nothing where there is none, and deleted where an earlier attempt without an answer was to do that', async () => {
    expect((await undone({})).result).toEqual({ kind: 'nothing' });
    expect((await undone({}, leaver({}, { unknown: true }))).result).toEqual({
      kind: 'removed',
      wasGone: true,
    });
  });
});
