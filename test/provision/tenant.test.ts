import { describe, expect, it } from 'vitest';
import { accountOf, openTenant, openTenants } from '../../functions/provision/tenant.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { ConfigurationError } from '../../functions/tenant/problem.ts';
import { demoTenant } from '../mapping/demo.ts';
import { provisionBench } from './bench.ts';

const { services } = provisionBench();

/** A tenant of another account, or of none that is configured. */
function on(smartassist: {
  accountId?: string | undefined;
  host?: string;
  streamId?: string;
}): TenantConfiguration {
  const demo = demoTenant();
  return {
    ...demo,
    smartassist: { ...demo.smartassist, ...smartassist } as TenantConfiguration['smartassist'],
  };
}

describe('the account that shares calls and agents', () => {
  it('is the one that is configured, else the bot in its environment', () => {
    expect(accountOf(on({ accountId: '7' }))).toBe(accountOf(on({ accountId: '7', streamId: 'st-2' })));
    expect(accountOf(on({ accountId: '7' }))).not.toBe(accountOf(on({ accountId: '8' })));
    const bot = { accountId: undefined, host: 'a.example', streamId: 'st-1' };
    expect(accountOf(on(bot))).toBe(accountOf(on(bot)));
    expect(accountOf(on(bot))).not.toBe(accountOf(on({ ...bot, streamId: 'st-2' })));
    expect(accountOf(on(bot))).not.toBe(accountOf(on({ ...bot, host: 'b.example' })));
  });

  it('has all the tenants that are on it, and no other', () => {
    const all = { a: on({ accountId: '7' }), b: on({ accountId: '8' }), c: on({ accountId: '7' }) };
    expect(openTenant('a', all.a, services, all).accountTenants).toEqual(['a', 'c']);
    expect(openTenant('a', all.a, services).accountTenants).toEqual(['a']);
  });

  it('has calls to the Admin APIs that are counted beside those of the contact centre', async () => {
    const read = async (callsPerMinute: number) => {
      const bench = provisionBench();
      const { smartassist } = demoTenant();
      const { catalogue } = bench.reconfigure({ smartassist: { ...smartassist, callsPerMinute } });
      const terms = { urgency: 'interactive', deadline: bench.clock.now() + 10_000 } as const;
      return { ...(await catalogue.get(terms)), calls: bench.simulator.calls() };
    };
    const { total, 'GET /roles': ofAdmin = 0 } = (await read(50)).calls;
    expect(ofAdmin).toBe(1);
    expect((await read(total - ofAdmin)).outcome).toBe('ok');
    expect((await read(total - ofAdmin - 1)).outcome).toBe('no-slot');
  });
});

describe('a tenant', () => {
  it('whose mapping does not compile can not be opened, and it is said what is wrong with which', () => {
    const wrong = { ...demoTenant(), provisionWhen: 'active eq' };
    expect(() => openTenant('demo', wrong, services)).toThrow(ConfigurationError);
    expect(() => openTenant('demo', wrong, services)).toThrow(/demo/);
  });

  it('is opened when it is first asked for, and once', () => {
    const open = openTenants(
      { tenants: { demo: demoTenant(), wrong: { ...demoTenant(), provisionWhen: 'x eq' } } },
      services,
    );
    const demo = open('demo');
    expect(demo?.name).toBe('demo');
    expect(open('demo')).toBe(demo);
    expect(open('nobody')).toBeUndefined();
    expect(open('constructor')).toBeUndefined();
    expect(() => open('wrong')).toThrow(ConfigurationError);
  });

  it('knows the generation that it is of, where there are any', () => {
    const generation = { number: 3, digest: 'd', isActive: true, isOutdated: async () => false };
    expect(openTenant('demo', demoTenant(), { ...services, generation }).generation).toBe(generation);
    expect(openTenant('demo', demoTenant(), services)).not.toHaveProperty('generation');
  });
});
