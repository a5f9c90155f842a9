import { describe, expect, it } from 'vitest';
import { suspend } from '../../../functions/provision/leaving/suspend.ts';
import {
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
const inUnassigned = (changes: object = {}) =>
  inSales({ agentGroups: [{ groupId: OUT, role: 'agent' }], ...changes });

async function suspended(options: LeaverOptions, record = leaver({})) {
  const { ports, asked, sent } = openPorts(options);
  const result = await suspend(ports, record, OUT, TERMS);
  return { result, asked, sent };
}

describe('an agent in service that is suspended', () => {
  it('asks the brake, is read and is put into the Unassigned group, and nothing else of it changes', async () => {
    const { result, asked, sent } = await suspended({ there: inSales() });
    expect(result).toEqual({ kind: 'suspended', did: 'suspended', agentId: 'a-ada' });
    expect(asked).toEqual([BRAKE, 'get a-ada', 'update a-ada']);
    const { skills, queues, canSupportChat, firstName } = inSales();
    expect(sent).toMatchObject([
      {
        agentGroupId: OUT,
        agentGroups: [{ groupId: OUT, role: 'agent' }],
        ...{ skills, queues, canSupportChat, firstName },
      },
    ]);
  });

  it('stays as it is where the brake holds, and no call is made', async () => {
    const { result, asked } = await suspended({ there: inSales(), holds: true });
    expect(result).toEqual({ kind: 'held', hold: HELD });
    expect(asked).toEqual([BRAKE]);
  });

  it('is looked up by our key where its id is not known, and read whole before it is changed', async () => {
    const { asked } = await suspended({ there: inSales() }, leaver({ agentId: undefined }));
    expect(asked).toEqual([BRAKE, 'find key of ada', 'get a-ada', 'update a-ada']);
  });

  it('is none any more where an administrator has deleted it', async () => {
    const { result, asked } = await suspended({});
    expect(result).toEqual({ kind: 'nothing' });
    expect(asked).toEqual([BRAKE, 'get a-ada', 'find key of ada']);
  });

  it('that is out of service already costs no update', async () => {
    const { result, sent } = await suspended({ there: inUnassigned() });
    expect(result).toEqual({ kind: 'suspended', did: 'unchanged', agentId: 'a-ada' });
    expect(sent).toEqual([]);
  });

  it('stays due where it can not be read, by its id or whole, and is not changed', async () => {
    const unread = { there: inSales(), answers: { get: UNANSWERED } };
    for (const record of [leaver({}), leaver({ agentId: undefined })]) {
      const { result, sent } = await suspended(unread, record);
      expect(result).toMatchObject({ kind: 'postponed', unknown: false });
      expect(sent).toEqual([]);
    }
  });

  it.each([
    ['is refused', REFUSED, false, 'refused', false],
    ['has no answer', UNANSWERED, false, 'postponed', true],
    ['does not arrive', UNREACHABLE, false, 'postponed', false],
    ['does not arrive, after one without an answer', UNREACHABLE, true, 'postponed', true],
    ['is refused, after one without an answer', REFUSED, true, 'refused', true],
  ] as const)(
    'is looked at again where a change may have been applied, and only there: an update that %s',
    async (_, update, unknown, kind, leaves) => {
      const { result } = await suspended({ there: inSales(), answers: { update } }, leaver({}, { unknown }));
      expect(result).toMatchObject({ kind, unknown: leaves });
    },
  );
});

describe('an agent of which it was not known that it is in service', () => {
  it.each(['none', 'suspended', 'removed'] as const)(
    'asks the brake once it is seen to be so: %s',
    async (presence) => {
      const held = await suspended({ there: inSales(), holds: true }, leaver({ presence }));
      expect(held.result).toEqual({ kind: 'held', hold: HELD });
      expect(held.asked).toEqual(['get a-ada', BRAKE]);
      const let_ = await suspended({ there: inSales() }, leaver({ presence }));
      expect(let_.asked).toEqual(['get a-ada', BRAKE, 'update a-ada']);
    },
  );

  it('asks no brake where it is out of service', async () => {
    const { result, asked } = await suspended(
      { there: inUnassigned(), holds: true },
      leaver({ presence: 'suspended' }),
    );
    expect(result).toMatchObject({ kind: 'suspended', did: 'unchanged' });
    expect(asked).toEqual(['get a-ada']);
  });
});

describe('a leaver who is stripped', () => {
  const NO_WORK = { skills: [], queues: [] };
  const NO_CHANNEL = { canSupportChat: false, canSupportVoice: false };

  it('loses skills, queues and channels with the group', async () => {
    const { result, sent } = await suspended({ there: inSales(), strips: true });
    expect(result).toMatchObject({ did: 'suspended' });
    expect(sent).toMatchObject([{ agentGroupId: OUT, ...NO_WORK, ...NO_CHANNEL }]);
  });

  it('keeps the channels where SmartAssist refuses an agent without one', async () => {
    const { result, sent } = await suspended({ there: inSales(), strips: true, needsChannel: REFUSED });
    expect(result).toMatchObject({ did: 'suspended' });
    expect(sent).toMatchObject([NO_CHANNEL, { ...NO_WORK, canSupportChat: true, canSupportVoice: true }]);
  });

  it('is not asked for a second time where the first has no answer', async () => {
    const { result, sent } = await suspended({ there: inSales(), strips: true, needsChannel: UNANSWERED });
    expect(result).toMatchObject({ kind: 'postponed', unknown: true });
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['a skill', { queues: [] }, true],
    ['a queue', { skills: [] }, true],
    ['neither', { skills: [], queues: [] }, false],
    ['no lists at all', { skills: undefined, queues: null }, false],
  ])('is changed though out of service, having %s left: %s', async (_, work, isChanged) => {
    const { result, sent } = await suspended({ there: inUnassigned(work), strips: true });
    expect(result).toMatchObject({ kind: 'suspended', did: isChanged ? 'suspended' : 'unchanged' });
    expect(sent).toHaveLength(isChanged ? 1 : 0);
  });
});
