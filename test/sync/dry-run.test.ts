import { describe, expect, it } from 'vitest';
import { openStates } from '../../functions/events/source-state.ts';
import { providers } from '../../functions/providers/registry.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { dryRun } from '../../functions/sources/dry-run/dry-run.ts';
import { readDryRun, wantingDryRun } from '../../functions/sources/dry-run/state.ts';
import { readDueSources } from '../../functions/sources/sync/schedule.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import type { Answered, Asked } from '../../local/providers/stand-in.ts';
import { noTrouble } from '../../local/providers/stand-in.ts';
import { demoTenant } from '../mapping/demo.ts';
import { gustoEmployee } from './gusto.ts';
import { openSyncWorld, PLAIN } from './world.ts';

const FAR_MS = 600_000;
const PEOPLE = 23;

/** A source of Gusto's kind with three pages of people, whose refresh token is another one after each use. */
function openGusto(credentials: readonly string[] = ['id', 'client-secret', 'refresh-0']) {
  let refreshed = 0;
  const used: (string | undefined)[] = [];
  const answer = ({ path, query, body }: Asked): Answered => {
    if (path === '/oauth/token') {
      const { refresh_token: token } = JSON.parse(body);
      used.push(token);
      if (token !== `refresh-${refreshed}`) return { status: 401, body: { error: 'invalid_grant' } };
      refreshed += 1;
      const tokens = { access_token: `access-${refreshed}`, refresh_token: `refresh-${refreshed}` };
      return { status: 200, body: { ...tokens, expires_in: 7_200 } };
    }
    const page = Number(query.get('page'));
    const all = Array.from({ length: PEOPLE }, (_, index) => gustoEmployee(index + 1));
    return { status: 200, headers: { 'x-total-pages': '3' }, body: all.slice((page - 1) * 10, page * 10) };
  };
  const source = { preset: 'gusto', fetch: { companyId: 'acme' }, sync: {} };
  const world = openSyncWorld({
    source,
    credentials,
    standIn: () => ({ answer, trouble: noTrouble(), calls: new Map() }),
    tenant: { timeZone: 'Europe/Berlin' },
  });
  const settings = sourceSchema.parse(source);
  const door = JSON.parse(world.secrets.get('agent-provisioner/test/demo/door') ?? '{}');
  world.secrets.set('agent-provisioner/test/demo/door', JSON.stringify({ ...door, keys: ['k'.repeat(43)] }));
  const tenant = {
    ...demoTenant(),
    ...PLAIN,
    timeZone: 'Europe/Berlin',
    sources: { people: settings },
  } as TenantConfiguration;
  const provisioning = openTenant('demo', tenant, world.services);
  const { table } = world.services;
  if (table === undefined) throw new Error('no table');
  const states = openStates(world.services);
  return {
    ...world,
    used,
    states,
    of: { provisioning, services: world.services, table },
    settings,
    minute: () => readDueSources(providers, provisioning, world.services, world.clock.now() + FAR_MS, states),
    want: () => states.change('demo', 'people', (state) => wantingDryRun(state, 'grace', world.clock.now())),
  };
}

describe('a dry run', () => {
  it('stores nothing but the tokens that the provider gave in the place of others', async () => {
    const world = openGusto();
    const { clock, of, settings } = world;
    const until = clock.now() + FAR_MS;
    const seen = await dryRun(providers, of, 'people', settings, {
      kind: 'initial',
      catalogue: undefined,
      until,
    });
    expect(seen).toMatchObject({ outcome: 'done', finished: { rows: PEOPLE, counts: { new: PEOPLE } } });
    expect(await world.everybody()).toEqual([]);
    expect(world.rung).toEqual([]);
    expect(Object.keys(await world.state())).toEqual(['dryRunAt']);
    // A refresh token that was used is void: what came in its place is good for two hours, and then for another.
    expect((await world.synced('initial')).counts).toEqual({ new: PEOPLE });
    clock.advance(3 * 3_600_000);
    expect((await world.synced('full')).counts).toEqual({ unchanged: PEOPLE });
    expect(world.used).toEqual(['refresh-0', 'refresh-1']);
  });
});

describe('a dry run that an operator asked for', () => {
  it('is done with the next minute, kept for the page, and lets the first reading be asked for', async () => {
    const world = openGusto(['token']);
    await world.minute();
    expect(await readDryRun(world.services, 'demo', 'people')).toEqual({});
    await world.want();
    await world.minute();
    expect(await readDryRun(world.services, 'demo', 'people')).toMatchObject({
      last: { by: 'grace', seen: { kind: 'initial', finished: { rows: PEOPLE, outcome: 'complete' } } },
    });
    expect(await world.everybody()).toEqual([]);
    expect((await world.states.get('demo', 'people')).dryRunWanted).toBeUndefined();
    const { last } = await readDryRun(world.services, 'demo', 'people');
    world.clock.advance(60_000);
    await world.minute();
    expect((await readDryRun(world.services, 'demo', 'people')).last).toEqual(last);
  });

  it('is done by one function at a time', async () => {
    const world = openGusto(['token']);
    await world.want();
    const first = openStates(world.services);
    const { provisioning, services } = world.of;
    // Two functions begin at the same moment.
    const until = world.clock.now() + FAR_MS;
    await Promise.all([world.minute(), readDueSources(providers, provisioning, services, until, first)]);
    expect(world.calls.filter(({ url }) => url.includes('/employees'))).toHaveLength(3);
  });

  it('says why it did not come to its end, and is not tried again by itself', async () => {
    const world = openGusto(['a', 'b', 'another-token']);
    await world.want();
    await world.minute();
    const { last } = await readDryRun(world.services, 'demo', 'people');
    expect(last?.seen?.finished).toMatchObject({
      outcome: 'incomplete',
      reason: expect.stringContaining('answered 401'),
    });
    expect((await world.state()).dryRunAt).toBeUndefined();
    expect((await world.state()).failures).toBeUndefined();
    expect((await world.states.get('demo', 'people')).dryRunWanted).toBeUndefined();
  });
});
