import { expect, it } from 'vitest';
import { person, provisionBench } from './bench.ts';

const later = { inline: undefined } as never;
const LIST = 'GET /organizations/{orgId}/agents';

it.each([
  ['true', 1],
  ['contradicting', 5],
  ['missing', 5],
] as const)(
  'an agent without our key is found on the last of four pages whose facts are %s, after an unknown create',
  async (listFacts, mostPages) => {
    const made = provisionBench();
    const bench = provisionBench({
      behaviour: { listFacts, duplicateEmail: { isRefused: false } },
      tenant: { agent: { ...made.provisioning.tenant.agent, customId: { from: 'none' } } },
    });
    for (let count = 0; count < 35; count += 1)
      bench.simulator.seedAgent({ emailId: `old-${count}@example.com` });
    await bench.stored(person('first'), later);
    await bench.settled();
    bench.simulator.setBehaviour({
      ...bench.simulator.behaviour(),
      faults: [{ on: 'POST /agents', kind: 'drop-after', times: 1 }],
    });
    const ada = await bench.stored(person('ada'), later);
    const before = bench.simulator.calls()[LIST] ?? 0;
    await bench.settled();
    bench.clock.advance(3_600_000);
    await bench.settled();
    const agents = bench.simulator.agents().filter(({ emailId }) => emailId === 'ada@example.com');
    expect(agents).toHaveLength(1);
    expect(await bench.read(ada)).toMatchObject({
      state: 'provisioned',
      agent: { agentId: agents[0]?.id, presence: 'active' },
    });
    expect((bench.simulator.calls()[LIST] ?? 0) - before).toBeLessThanOrEqual(mostPages + 1);
  },
);
