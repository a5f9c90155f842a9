import { describe, expect, it } from 'vitest';
import { detectConfigurationChange } from '../../functions/provision/drain/configuration-change.ts';
import { needsProvisioning } from '../../functions/provision/drain/remap.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { reconcile } from '../../functions/reconcile/reconciliation.ts';
import { namedPage } from '../../functions/smartassist/named-page.ts';
import { demoTenant } from '../mapping/demo.ts';
import { person, provisionBench } from './bench.ts';

/** A tenant whose secret has the bot app alone: SmartAssist refuses to show it the roles. */
const botOnly = (options: Parameters<typeof provisionBench>[0] = {}) =>
  provisionBench({ ...options, withoutAdminApp: true });

const roleless = demoTenant().rules.map(({ set, ...rule }) => {
  const { role: _, ...others } = set ?? {};
  return { ...rule, set: others };
});
const { smartassist } = demoTenant();

describe('with the bot app alone', () => {
  it('people whose rules name no role become agents', async () => {
    const bench = botOnly({
      tenant: { rules: roleless, smartassist: { ...smartassist, profile: 'smartassist' } },
    });
    const ada = person('ada', { phoneNumbers: [{ value: '+4915112345678', type: 'work' }] });
    expect(await bench.stored(ada)).toMatchObject({ state: 'provisioned' });
  });

  it('a person whose role has to be looked up is stored, and waits with the reason', async () => {
    const bench = botOnly();
    const ada = await bench.stored(person('ada'));
    expect(ada).toMatchObject({
      state: 'due',
      attempts: {
        lastError: {
          code: 'names-unreadable',
          message: expect.stringMatching(
            /^(rule everyone: )?.*roles can't be read: .*Profile Management > Role/,
          ),
        },
      },
    });
    expect(bench.agentCalls()['POST /agents']).toBeUndefined();
  });

  it('an agent is made with the role id that the configuration has', async () => {
    const roles = { Agent: provisionBench().simulator.catalogue.roles[0]?._id ?? '' };
    const bench = botOnly({ tenant: { roles } });
    expect(await bench.stored(person('ada'))).toMatchObject({ state: 'provisioned' });
    expect(bench.simulator.agents()).toMatchObject([{ roleId: roles.Agent, role: 'Agent' }]);
  });

  it('an agent is made with the role of one that was made by hand', async () => {
    const bench = botOnly();
    const roleId = bench.simulator.catalogue.roles[0]?._id ?? '';
    bench.simulator.seedAgent({ emailId: 'by-hand@example.com', roleId });
    expect(await bench.stored(person('ada'))).toMatchObject({ state: 'provisioned' });
    expect(bench.simulator.agents()).toMatchObject([{ roleId }, { roleId }]);
  });

  it('who waits becomes an agent once the role is learned', async () => {
    const bench = botOnly();
    const ada = await bench.stored(person('ada'));
    const role = bench.simulator.catalogue.roles[0];
    await bench.provisioning.catalogue.learnRoles([{ roleId: role?._id, role: role?.role }]);
    await bench.settled();
    expect(await bench.read(ada)).toMatchObject({ state: 'provisioned' });
  });

  it('the reconciliation learns the roles of agents wherever in the list they are', async () => {
    const bench = botOnly();
    const [agent, supervisor] = bench.simulator.catalogue.roles;
    for (let index = 0; index < 40; index += 1) {
      const roleId = (index < 39 ? supervisor : agent)?._id;
      bench.simulator.seedAgent({
        emailId: `${index}@example.com`,
        ...(roleId === undefined ? {} : { roleId }),
      });
    }
    const ada = await bench.stored(person('ada'));
    expect(ada.state).toBe('due');
    await reconcile(bench.provisioning, bench.services, bench.clock.now() + 60 * 60_000, true);
    await bench.settled();
    expect(await bench.read(ada)).toMatchObject({ state: 'provisioned' });
  });

  it('mapping everybody anew goes past those who wait', async () => {
    const bench = botOnly();
    const ada = await bench.stored(person('ada'));
    const plan = await bench.provisioning.planner.plan(ada, {
      urgency: 'backfill',
      deadline: Number.MAX_VALUE,
    });
    expect(plan.kind).toBe('unreadable');
    expect(needsProvisioning({ ...ada, state: 'provisioned' }, plan)).toBe(true);
    await detectConfigurationChange(bench.provisioning, bench.services);
    await bench.drained();
    expect((await bench.directory.readDocument('demo', 'jobs'))?.body).toMatchObject({ jobs: [] });
  });
});

describe('without the scope of agent groups', () => {
  it('a leaver waits with the reason: nobody knows the Unassigned group', async () => {
    const bench = provisionBench();
    const ada = await bench.stored(person('ada'));
    bench.simulator.setBehaviour({ withoutScopes: ['Configuration'] });
    await bench.directory.eraseDocument('demo', 'catalogue');
    const left = { ...ada, person: { ...ada.person, active: false } };
    const terms = { urgency: 'interactive', deadline: bench.clock.now() + 8_000 } as const;
    expect(await bench.reconfigure({}).planner.plan(left, terms)).toMatchObject({
      kind: 'unreadable',
      problems: [{ message: expect.stringMatching(/^agent groups can't be read: .*scope Configuration/) }],
    });
  });
});

describe("the admin app's secret in the bot app's place, and the other way round", () => {
  it('is in the log: whose credentials were not taken, and where that app is made', async () => {
    const bench = provisionBench();
    const bot = { clientId: 'cs-demo', clientSecret: 'client secret of demo' };
    const admin = { clientId: 'cs-demo-admin', clientSecret: 'client secret of the admin app' };
    const swapped = { ...admin, admin: bot, scimTokens: [], sources: {}, keys: [] };
    const secrets = { get: async () => swapped, refresh: async () => swapped };
    const { client } = openTenant('demo', bench.provisioning.tenant, { ...bench.services, secrets });
    const terms = { urgency: 'interactive', deadline: bench.clock.now() + 8_000 } as const;
    await client.getAgent('a-1', terms);
    await client.readRoles(namedPage(), terms);
    const lines = bench.logged.filter((line) => line.includes('call without success'));
    expect(lines).toEqual([
      expect.stringMatching(/GET \/agents.*the bot app \(clientId\), made in App Settings/),
      expect.stringMatching(/GET \/roles.*the admin app \(admin\.clientId\), made in the Admin Console/),
    ]);
  });
});
