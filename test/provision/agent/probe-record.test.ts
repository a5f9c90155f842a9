import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../../functions/directory/directory.ts';
import { memoryTable } from '../../../functions/directory/memory.ts';
import { isProbeAgent, readProbe, writeProbe } from '../../../functions/provision/agent/probe-record.ts';
import { HandClock } from '../../local/simulator-bench.ts';

function opened() {
  const clock = new HandClock();
  return openDirectory(memoryTable(clock), clock);
}
const AT = '2026-11-23T10:00:00.000Z';

describe('what a probe found out about an account', () => {
  it('is not known before there was one', async () => {
    expect(await readProbe(opened(), 'account:one')).toBeUndefined();
  });

  it.each([{}, ...(['taken', 'refused', 'ignored'] as const).map((emailChange) => ({ emailChange }))])(
    'is known from then on, of this account alone: %j',
    async (found) => {
      const directory = opened();
      await writeProbe(directory, 'account:one', { at: AT, ...found });
      expect(await readProbe(directory, 'account:one')).toEqual({ at: AT, ...found });
      expect(await readProbe(directory, 'account:two')).toBeUndefined();
    },
  );

  it('counts as far as this version knows its words', async () => {
    const directory = opened();
    await directory.writeDocument('account:one', 'probe', { at: AT, emailChange: 'taken on Sundays' });
    expect(await readProbe(directory, 'account:one')).toEqual({ at: AT });
    await directory.writeDocument('account:one', 'probe', { emailChange: 'taken' });
    expect(await readProbe(directory, 'account:one')).toBeUndefined();
  });
});

describe('an agent of doctor --probe', () => {
  it.each([
    [{ emailId: 'agent-provisioner-probe+1@example.com' }, true],
    [{ emailId: 'Agent-Provisioner-Probe+1@EXAMPLE.com' }, true],
    [{ emailId: 'it+agent-provisioner-probe+1@example.com' }, true],
    [{ emailId: 'it@example.com', firstName: 'agent-provisioner-probe+1' }, true],
    [{ emailId: 7, firstName: 'Agent-Provisioner-Probe+1' }, true],
    [{ firstName: 'agent-provisioner-probe+1' }, true],
    [{ emailId: 'ada@example.com', firstName: 'Ada' }, false],
    [{ emailId: 'ada@agent-provisioner-probe+1.example' }, false],
    [{ emailId: 'ada@it+agent-provisioner-probe+1.example' }, false],
    [{ emailId: 'not-agent-provisioner-probe+@example.com' }, false],
    [{ emailId: 'agent-provisioner-probe@example.com' }, false],
    [{ firstName: 'Ada of agent-provisioner-probe+' }, false],
    [{ emailId: null, firstName: ['agent-provisioner-probe+1'] }, false],
    [{}, false],
  ])('is told by its address or its first name: %j', (agent, isOne) => {
    expect(isProbeAgent(agent)).toBe(isOne);
  });
});
