import { expect, it } from 'vitest';
import { PRIORITY } from '../../functions/directory/record.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import { forecast } from '../../functions/provision/forecast.ts';
import type { Rule } from '../../functions/tenant/configuration.ts';
import { demoTenant } from '../mapping/demo.ts';
import { person, provisionBench } from './bench.ts';

const DAY_MS = 86_400_000;
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** A bench whose people have a nickname from the day after tomorrow until the day after that. */
function dated() {
  const bench = provisionBench();
  const now = bench.clock.now();
  const rule: Rule = {
    name: 'guests',
    from: dayOf(now + 2 * DAY_MS),
    until: dayOf(now + 3 * DAY_MS),
    set: { nickName: 'Guest' },
  };
  const rules: Rule[] = [...demoTenant().rules, { name: 'base', set: { nickName: 'Staff' } }, rule];
  const open = provisionBench({ tenant: { rules } });
  return { bench: open, from: Date.parse(dayOf(now + 2 * DAY_MS)) };
}

const nickNames = ({ simulator }: ReturnType<typeof provisionBench>) =>
  simulator.agents().map(({ nickName }) => nickName ?? '');

it('a person becomes due by itself when a rule begins, and when it ends', async () => {
  const { bench, from } = dated();
  await bench.stored(person('ada'));
  await bench.settled();
  const before = bench.agentCalls();
  expect(nickNames(bench)).toEqual(['Staff']);
  const next = await bench.drained();
  expect(bench.agentCalls()).toEqual(before);
  bench.clock.advance(from - 1_000 - bench.clock.now());
  await bench.drained(15_000);
  expect(nickNames(bench)).toEqual(['Staff']);
  bench.clock.advance(from - bench.clock.now());
  await bench.drained();
  expect(nickNames(bench)).toEqual(['Guest']);
  bench.clock.advance(from + 2 * DAY_MS - bench.clock.now());
  await bench.drained();
  expect(nickNames(bench)).toEqual(['Staff']);
  expect(next.outcome).toBe('idle');
});

it('a drain that has nothing else to do says when the next one begins', async () => {
  const { bench, from } = dated();
  await bench.stored(person('ada'), { inline: undefined, priority: PRIORITY.backfill } as never);
  await bench.drained();
  bench.clock.advance(from - DAY_MS / 2 - bench.clock.now());
  expect(await bench.drained()).toEqual({ outcome: 'idle', nextAt: from });
});

it('the time is kept although the function dies before it has written what came of the attempt', async () => {
  const { bench, from } = dated();
  const record = await bench.stored(person('ada'));
  expect(record.changesAt).toBe(new Date(from).toISOString());
  expect(await bench.directory.dueTimers('demo', from, 10)).toEqual([
    { id: record.id, at: new Date(from).toISOString() },
  ]);
  await bench.directory.clearTimer('demo', { id: record.id, at: new Date(from + 1_000).toISOString() });
  expect(await bench.directory.dueTimers('demo', from, 10)).toHaveLength(1);
  expect(await bench.directory.dueTimers('demo', from - 1, 10)).toEqual([]);
});

it('who is there already gets the time with a configuration that has days', async () => {
  const { bench: later, from } = dated();
  const { rules } = later.provisioning.tenant;
  const bench = provisionBench();
  await bench.stored(person('ada'));
  await bench.settled();
  await drain(bench.reconfigure({ rules }), bench.services, bench.clock.now() + 300_000);
  expect(await bench.directory.dueTimers('demo', from, 10)).toHaveLength(1);
});

it('a plan says it', async () => {
  const { bench, from } = dated();
  await bench.stored(person('ada'), { inline: undefined, priority: PRIORITY.backfill } as never);
  const { planner } = bench.provisioning;
  const foreseen = [];
  for await (const each of forecast(bench.directory, 'demo', planner, undefined)) foreseen.push(each);
  expect(foreseen).toMatchObject([
    { effect: 'create', dates: [`rule "guests" counts from ${new Date(from).toISOString()}`] },
  ]);
});
