import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openOktaWorld } from './okta.ts';

const DAY_MS = 86_400_000;

/** What may be wrong with a list. */
const TROUBLES = ['none', 'html', 'fail', 'throttle', 'expire', 'hide-some', 'hide-most', 'forget'] as const;

describe('broken lists', () => {
  it('never put out of service who is sound, and the next sound one puts out who has left', async () => {
    const night = fc.record({
      trouble: fc.constantFrom(...TROUBLES),
      calls: fc.integer({ min: 0, max: 3 }),
      leavers: fc.array(fc.integer({ min: 0, max: 249 }), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(night, { minLength: 1, maxLength: 5 }), async (nights) => {
        const { okta, sync, synced, clock, inService } = openOktaWorld(250);
        await synced('initial');
        const ids = [...okta.users.keys()];
        const left = new Set<string>();
        const nameOf = (id: string) => `person-${ids.indexOf(id) + 1}@acme.test`;
        for (const { trouble, calls, leavers } of nights) {
          for (const index of leavers) {
            const id = ids[index] ?? '';
            if (left.has(id)) continue;
            left.add(id);
            okta.delete(id);
          }
          okta.trouble.hidden.clear();
          okta.trouble.expireAfter = undefined;
          if (trouble === 'html' || trouble === 'fail' || trouble === 'throttle')
            okta.trouble[trouble] = calls;
          if (trouble === 'expire') okta.trouble.expireAfter = calls;
          const hidden = trouble === 'hide-some' ? 30 : trouble === 'hide-most' ? 200 : 0;
          for (const id of ids.slice(0, hidden)) okta.trouble.hidden.add(id);
          if (trouble === 'forget') okta.cursors.expire();
          clock.advance(DAY_MS);
          await sync('full', { until: clock.now() + (calls + 1) * 20_000 });
          const service = new Set(await inService());
          expect(ids.filter((id) => !left.has(id) && !service.has(nameOf(id)))).toEqual([]);
          Object.assign(okta.trouble, { html: 0, fail: 0, throttle: 0 });
        }
        okta.trouble.hidden.clear();
        okta.trouble.expireAfter = undefined;
        clock.advance(DAY_MS);
        const last = await synced('full');
        expect(last.outcome).toBe('complete');
        expect(new Set(await inService())).toEqual(new Set(ids.filter((id) => !left.has(id)).map(nameOf)));
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  it('are healed within the next reading where one webhook in ten is lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            what: fc.constantFrom('join', 'leave', 'back', 'move'),
            who: fc.nat(60),
            isLost: fc.integer({ min: 0, max: 9 }),
          }),
          {
            minLength: 5,
            maxLength: 30,
          },
        ),
        async (course) => {
          const world = openOktaWorld(30);
          const { okta, synced, clock, settle, inService } = world;
          clock.advance(3_600_000);
          await synced('initial');
          for (const { what, who, isLost } of course) {
            clock.advance(60_000);
            okta.loses = () => isLost === 0;
            const id = [...okta.users.keys()][who % okta.users.size] ?? '';
            if (what === 'join') {
              const login = `joiner-${clock.now()}@acme.test`;
              okta.add({ login, email: login, firstName: 'J', lastName: 'Oiner' });
            } else if (what === 'leave') okta.deactivate(id);
            else if (what === 'back') okta.activate(id);
            else okta.change(id, { department: `Department ${clock.now()}` });
          }
          clock.advance(60_000);
          expect((await synced('delta')).outcome).toBe('complete');
          await settle();
          const active = [...okta.users.values()].filter(({ status }) => status === 'ACTIVE');
          expect(await inService()).toEqual(active.map(({ profile }) => profile.login).toSorted());
        },
      ),
      { numRuns: 25 },
    );
  }, 120_000);
});

describe('a provider that can not read one person', () => {
  it('has to leave somebody out of two lists in a row, half a day apart', async () => {
    const { openSyncWorld } = await import('./world.ts');
    const { Okta } = await import('../../local/providers/okta.ts');
    const { openListed } = await import('../../functions/sources/sync/source.ts');
    const { readSource } = await import('../../functions/sources/sync/reading.ts');
    const { providers } = await import('../../functions/providers/registry.ts');
    const { openTenant } = await import('../../functions/provision/tenant.ts');
    const { sourceSchema } = await import('../../functions/tenant/sources.ts');
    const { demoTenant } = await import('../mapping/demo.ts');
    let okta: InstanceType<typeof Okta> | undefined;
    const source = { preset: 'okta-event-hook', fetch: { domain: 'acme.okta.com' }, sync: {} };
    const world = openSyncWorld({
      source,
      credentials: ['t'],
      standIn: (clock) => {
        okta = new Okta({ now: () => clock.now(), token: 't' });
        for (let number = 0; number < 10; number += 1)
          okta.add({ login: `p${number}@acme.test`, email: `p${number}@acme.test` });
        return okta;
      },
    });
    const settings = sourceSchema.parse(source);
    const provisioning = openTenant(
      'demo',
      { ...demoTenant(), sources: { people: settings } },
      world.services,
    );
    const full = async () => {
      const opened = await openListed(
        { ...providers, reader: async () => undefined },
        provisioning,
        world.services,
        'people',
        settings,
      );
      if (opened === undefined) throw new Error('can not be listed');
      const end = await readSource(opened, { kind: 'full', until: world.clock.now() + DAY_MS });
      if (end.outcome !== 'done') throw new Error(end.outcome);
      return end.finished.counts;
    };
    await world.synced('initial');
    const [gone = ''] = okta?.users.keys() ?? [];
    okta?.delete(gone);
    world.clock.advance(DAY_MS);
    expect(await full()).toMatchObject({ kept: 1 });
    world.clock.advance(3_600_000);
    expect(await full()).toMatchObject({ kept: 1 });
    world.clock.advance(DAY_MS / 2);
    expect(await full()).toMatchObject({ gone: 1 });
    expect((await world.inService()).length).toBe(9);
  });
});
