import { expect, it } from 'vitest';
import { openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { provisionBench } from './bench.ts';

/** Whether the calls of one stack leave none to another on the same account. */
async function sharesBudget(
  budgetTable: string | undefined,
): Promise<{ isShared: boolean; asked: string[] }> {
  const { services, provisioning } = provisionBench();
  const { tenant } = provisioning;
  const shared = openDirectory(memoryTable(services.clock), services.clock);
  const asked: string[] = [];
  const stack = () =>
    openTenant(
      'demo',
      {
        ...tenant,
        smartassist: { ...tenant.smartassist, callsPerMinute: 3, ...(budgetTable && { budgetTable }) },
      },
      {
        ...services,
        directory: openDirectory(memoryTable(services.clock), services.clock),
        directoryAt: (table) => {
          asked.push(table);
          return shared;
        },
      },
    );
  const [one, other] = [stack(), stack()];
  for (let calls = 0; calls < 3; calls += 1) {
    expect(await one.budget.take('interactive')).toMatchObject({ granted: true });
  }
  const { granted } = await other.budget.take('interactive');
  return { isShared: !granted, asked };
}

it('stacks on one account share its calls by a table that both name', async () => {
  expect(await sharesBudget('first-stack')).toEqual({
    isShared: true,
    asked: ['first-stack', 'first-stack'],
  });
});

it('a stack counts in its own table where none is named', async () => {
  expect(await sharesBudget(undefined)).toEqual({ isShared: false, asked: [] });
});
