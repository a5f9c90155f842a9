import { describe, expect, it } from 'vitest';
import { openStates } from '../../functions/events/source-state.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import type { SourceProviders, Subscription } from '../../functions/sources/provider.ts';
import { renewSubscriptions } from '../../functions/sources/renewal.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { demoTenant } from '../mapping/demo.ts';
import { openHooks } from '../webhook/hooks.ts';

const MARGIN_MS = 3_600_000;
const GRAPH = {
  preset: 'entra-graph',
  fetch: { tenantId: 't' },
  subscription: { url: 'https://hooks.example.com/demo/hooks/s' },
};

interface World {
  readonly source?: object;
  readonly secrets?: Readonly<Record<string, readonly string[]>>;
  readonly endsByItself?: boolean;
}

/** The subscription of a provider that gives what is asked for, renewed when an hour is left. */
function open({ source = GRAPH, secrets = { s: ['a-secret'] }, endsByItself = true }: World = {}) {
  const { services, clock, numbers } = openHooks({ secrets });
  const states = openStates(services);
  const asked: [of: string | undefined, secret: string][] = [];
  const providers = {
    subscription: async () =>
      endsByItself
        ? {
            marginMs: MARGIN_MS,
            renew: async (_: unknown, before: Subscription | undefined, secret: string) => {
              asked.push([before?.id, secret]);
              return {
                id: `sub-${asked.length}`,
                expiresAt: new Date(clock.now() + 10 * MARGIN_MS).toISOString(),
              };
            },
          }
        : undefined,
  } as unknown as SourceProviders;
  const tenant = { ...demoTenant(), sources: { s: sourceSchema.parse(source) } };
  const provisioning = openTenant('demo', tenant, services);
  return {
    asked,
    numbers,
    round: () => renewSubscriptions(providers, provisioning, services, states),
    state: () => states.get('demo', 's'),
    /** A subscription that ends in so many milliseconds. */
    has: (left: number, more: Partial<Subscription> = {}) =>
      states.change('demo', 's', (state) => ({
        ...state,
        subscription: { id: 'old', expiresAt: new Date(clock.now() + left).toISOString(), ...more },
      })),
  };
}

describe('a subscription that ends by itself', () => {
  it('is made where there is none, and what happened before it is read', async () => {
    const { asked, round, state } = open();
    await round();
    await round();
    expect(asked).toEqual([[undefined, 'a-secret']]);
    expect(await state()).toMatchObject({
      subscription: { id: 'sub-1' },
      syncWanted: { reason: 'there was no subscription' },
    });
  });

  it.each([
    ['is left alone while it is long', MARGIN_MS + 1, []],
    ['is renewed when no more than the margin is left', MARGIN_MS, [['old', 'a-secret']]],
    ['is renewed in its last moment', 1, [['old', 'a-secret']]],
    ['is made anew once it has ended', 0, [[undefined, 'a-secret']]],
  ])('%s', async (_, left, expected) => {
    const { asked, has, round, state } = open();
    await has(left);
    await round();
    expect(asked).toEqual(expected);
    // Nothing was missed while there was one.
    expect((await state()).syncWanted !== undefined).toBe(left === 0);
  });

  it('is renewed before its time where the provider wants that', async () => {
    const { asked, has, round, state } = open();
    await has(5 * MARGIN_MS, { isDue: true });
    await round();
    await round();
    expect(asked).toEqual([['old', 'a-secret']]);
    expect((await state()).syncWanted).toBeUndefined();
  });

  it.each([
    ['whose address is not configured', { source: { preset: 'entra-graph', fetch: { tenantId: 't' } } }],
    ['of a provider whose subscriptions do not end', { endsByItself: false }],
  ])('%s is not asked for', async (_, world) => {
    const { asked, round, numbers } = open(world);
    await round();
    expect(asked).toEqual([]);
    expect(numbers.of('SourceFailed')).toEqual({});
  });

  it.each([
    ['no secret', {}],
    ['an empty list of secrets', { s: [] }],
  ])('of a source with %s is an alarm, and not asked for', async (_, secrets) => {
    const { asked, round, numbers } = open({ secrets });
    await round();
    expect(asked).toEqual([]);
    expect(numbers.of('SourceFailed')).toEqual({ renewal: 1 });
  });
});
