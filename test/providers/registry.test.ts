import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../functions/runtime/transport.ts';
import { ALL_TIME, type Hooks, openHooks } from '../webhook/hooks.ts';
import {
  fixture,
  JWKS,
  JWKS_URI,
  PROVIDER_CASES,
  type ProviderCase,
  type Step,
  textOf,
  WEBHOOK_PRESETS,
} from '../webhook/providers.ts';

interface Bench extends Hooks {
  /** Lets the provider say what it says in a step; another secret forges it. */
  say(step: Step, secret?: string, fixtureName?: string): Promise<number>;
}

function open(provider: ProviderCase): Bench {
  const data = fixture(provider.fixture ?? provider.preset);
  let step: Step = 'create';
  const hooks = openHooks({
    sources: { people: { preset: provider.preset, ...provider.settings } },
    secrets: {
      people: [provider.secret],
      ...(provider.fetchSecrets === undefined ? {} : { 'people.fetch': provider.fetchSecrets }),
    },
    provider: (request: HttpRequest) => {
      const answer = (value: unknown) => ({ status: 200, headers: {}, body: JSON.stringify(value) });
      if (request.url === JWKS_URI) return answer(JWKS);
      if (/token$/.test(request.url)) return answer({ access_token: 'access', expires_in: 3600 });
      const person = data.person as Record<string, unknown>;
      return provider.fetched === undefined ? undefined : answer(provider.fetched(step, person ?? {}));
    },
  });
  return {
    ...hooks,
    say: async (next, secret = provider.secret, name = next) => {
      step = next;
      const body = textOf(data[name]);
      const { headers = {}, ...sent } = provider.signed(body, secret);
      const path = `people${(provider.paths?.[next] ?? '').replace('{secret}', secret)}`;
      const contentType = { 'content-type': provider.contentType ?? 'application/json' };
      const { status } = await hooks.send(path, {
        ...sent,
        headers: { ...contentType, ...provider.headers?.[next], ...headers },
      });
      return status;
    },
  };
}

const familyName = async (hooks: Hooks) => {
  const [record] = await hooks.stored();
  return record?.person.name?.familyName ?? record?.person.userName;
};

describe.each(PROVIDER_CASES)('$preset', (provider) => {
  it('makes an agent of somebody who comes', async () => {
    const hooks = open(provider);
    expect(await hooks.say('create')).toBeGreaterThanOrEqual(200);
    await hooks.settle();
    expect(hooks.agents()).toEqual({ active: [provider.email], suspended: [] });
    expect(await familyName(hooks)).toBe(provider.names[0]);
    expect(await hooks.stored()).toHaveLength(1);
  });

  it('changes the agent of somebody who changes', async () => {
    const hooks = open(provider);
    await hooks.say('create');
    await hooks.settle();
    const status = await hooks.say('update');
    expect([200, 202, 204]).toContain(status);
    await hooks.settle();
    expect(await familyName(hooks)).toBe(provider.names[1]);
    expect(hooks.agents()).toEqual({ active: [provider.email], suspended: [] });
  });

  it(`puts somebody who leaves ${provider.waits ? 'on a list until a hand confirms it' : 'out of service'}`, async () => {
    const hooks = open(provider);
    await hooks.say('create');
    await hooks.settle();
    await hooks.say('leave');
    await hooks.settle();
    const { events: pending } = await hooks.directory.unscheduledPendingEvents('demo', { limit: 10 });
    if (provider.waits) {
      expect(hooks.agents()).toEqual({ active: [provider.email], suspended: [] });
      expect(pending).toHaveLength(1);
    } else {
      expect(hooks.agents()).toEqual({ active: [], suspended: [provider.email] });
      expect(pending).toEqual([]);
    }
  });

  it('does nothing when the same is said three times', async () => {
    const hooks = open(provider);
    await hooks.say('create');
    await hooks.settle();
    const { total } = hooks.simulator.calls();
    const [before] = await hooks.stored();
    await hooks.say('create');
    await hooks.say('create');
    await hooks.settle();
    expect(hooks.simulator.calls().total).toBe(total);
    expect((await hooks.stored()).map(({ person }) => person)).toEqual([before?.person]);
  });

  it('refuses what is forged, and nothing comes of it', async () => {
    const hooks = open(provider);
    // FusionAuth's key is public: what is forged there is the body.
    if (provider.preset === 'fusionauth') {
      const { headers = {} } = provider.signed(textOf(fixture('fusionauth').create), provider.secret);
      const { status } = await hooks.send('people', { headers, body: textOf(fixture('fusionauth').leave) });
      expect(status).toBe(401);
    } else {
      const forged = provider.secret.replace(/[A-Za-z0-9](?=[^A-Za-z0-9]*$)/, (last) =>
        last === 'Q' ? 'R' : 'Q',
      );
      expect(forged).not.toBe(provider.secret);
      expect(await hooks.say('create', forged)).toBe(401);
    }
    await hooks.settle();
    expect(await hooks.stored()).toEqual([]);
    expect(hooks.simulator.agents()).toEqual([]);
    expect(await hooks.directory.duePendingEvents('demo', ALL_TIME, 10)).toEqual([]);
  });
});

it('has each of the sources among them', () => {
  const tested = new Set(PROVIDER_CASES.map(({ preset }) => preset));
  expect(WEBHOOK_PRESETS.filter((preset) => !tested.has(preset))).toEqual([]);
});
