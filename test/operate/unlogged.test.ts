import { beforeEach, expect, it } from 'vitest';
import { recordAction } from '../../functions/operate/audit.ts';
import { logActions } from '../../functions/operate/unlogged.ts';
import { scheduleOfGenerations } from '../../functions/reconcile/handler.ts';
import { silentLog } from '../../functions/runtime/log.ts';
import { contextOf } from '../../local/context.ts';
import { type ProvisionBench, provisionBench } from '../provision/bench.ts';

let bench: ProvisionBench;
let lines: object[];
beforeEach(() => {
  bench = provisionBench();
  lines = [];
});

/** Services whose log is read, as a function's is. */
const services = () => ({
  ...bench.services,
  log: { ...silentLog, info: write, warn: write },
});
const write = (message: string, fields = {}) => void lines.push({ message, ...fields });

const byCommand = (action: string, by = 'grace') =>
  recordAction({ ...bench.services, log: silentLog }, 'demo', { by, via: 'machine' }, action);
const at = () => new Date(bench.clock.now()).toISOString();

it('the schedule logs what commands did, with when, and once', async () => {
  const first = at();
  await byCommand('pause');
  bench.clock.advance(5_000);
  const second = at();
  await byCommand('resume', 'arn:aws:sts::111122223333:assumed-role/operators/ada');
  bench.clock.advance(60_000);
  await logActions(services(), 'demo');
  await logActions(services(), 'demo');
  expect(lines).toEqual([
    { message: 'an operator acted', tenant: 'demo', action: 'pause', by: 'grace', at: first },
    {
      message: 'an operator acted',
      tenant: 'demo',
      action: 'resume',
      by: 'arn:aws:sts::111122223333:assumed-role/operators/ada',
      at: second,
    },
  ]);
});

it('what is done in the console is logged at once, and not again', async () => {
  await recordAction(services(), 'demo', { by: 'ada', via: 'console' }, 'pause');
  expect(lines).toEqual([{ message: 'an operator acted', tenant: 'demo', action: 'pause', by: 'ada' }]);
  await logActions(services(), 'demo');
  expect(lines).toHaveLength(1);
});

it('an action that comes while others are logged is logged by the next look', async () => {
  await byCommand('pause');
  const under = services();
  let isFirst = true;
  const { directory } = under;
  const racing = {
    ...under,
    directory: {
      ...directory,
      writeDocument: async (...terms: Parameters<typeof directory.writeDocument>) => {
        if (isFirst) {
          isFirst = false;
          await byCommand('resume');
        }
        return directory.writeDocument(...terms);
      },
    },
  };
  await logActions(racing, 'demo');
  await logActions(services(), 'demo');
  expect(lines).toMatchObject([{ action: 'pause' }, { action: 'resume' }]);
});

it('of more than 200 the newest are logged, and how many are not is said', async () => {
  for (let count = 0; count < 203; count += 1) await byCommand(`action ${count}`);
  await logActions(services(), 'demo');
  expect(lines).toHaveLength(201);
  expect(lines[0]).toMatchObject({ action: 'action 3' });
  expect(lines.at(-1)).toEqual({
    message: 'actions of operators are in the audit alone',
    tenant: 'demo',
    count: 3,
  });
  await byCommand('one more');
  await logActions(services(), 'demo');
  expect(lines.at(-1)).toMatchObject({ action: 'one more' });
});

it('the schedule looks every minute', async () => {
  await byCommand('pause');
  const served = { number: 1, configuration: { tenants: { demo: bench.provisioning.tenant } } };
  const handle = scheduleOfGenerations({ current: async () => served } as never, services(), { logActions });
  await handle({ kind: 'minute' }, contextOf('1', 60_000));
  expect(lines).toContainEqual(expect.objectContaining({ message: 'an operator acted', action: 'pause' }));
});
