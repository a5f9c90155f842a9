import { describe, expect, it } from 'vitest';
import { changed, pass, talkTo } from './saying.ts';

const GREG = 'greg@merge.example';
const DAY = 24 * 60;

describe('an employee whom Merge', () => {
  it('says is deleted in the HR system leaves, whatever the status that is left', async () => {
    const hooks = talkTo('merge');
    await hooks.say('create');
    await hooks.settle();
    await hooks.say(changed('merge', 'update', { 'data.remote_was_deleted': true }));
    await hooks.settle();
    expect(hooks.agents()).toEqual({ active: [], suspended: [GREG] });
  });

  it('has back after a former employment stays', async () => {
    const hooks = talkTo('merge');
    const rehired = {
      'data.termination_date': '2024-03-31T00:00:00Z',
      'data.start_date': '2026-10-01T00:00:00Z',
    };
    await hooks.say(changed('merge', 'create', rehired));
    await hooks.settle();
    await hooks.say(changed('merge', 'update', rehired));
    await pass(hooks, 3);
    expect(hooks.agents()).toEqual({ active: [GREG], suspended: [] });
  });

  it('knows the last day of leaves on it', async () => {
    const hooks = talkTo('merge');
    await hooks.say(changed('merge', 'create', { 'data.termination_date': '2026-11-30T00:00:00Z' }));
    await hooks.settle();
    expect(hooks.agents().active).toEqual([GREG]);
    hooks.clock.advance(9 * DAY * 60_000);
    await hooks.settle();
    expect(hooks.agents()).toEqual({ active: [], suspended: [GREG] });
  });
});
