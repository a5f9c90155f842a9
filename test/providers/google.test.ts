import { describe, expect, it } from 'vitest';
import { listAwaitingConfirmation } from '../../functions/events/confirm.ts';
import { fixture, PROVIDER_CASES } from '../webhook/providers.ts';
import { answer, pass, talkTo } from './saying.ts';

const refusal = (reason: string) => ({
  error: { code: 403, message: 'Refused', errors: [{ domain: 'usageLimits', reason, message: 'Refused' }] },
});

/** Google with users whose reading is refused until it isn't any more. */
async function reading(reason: string, minutes: number) {
  let isRefusing = true;
  const hooks = talkTo('google-workspace', {
    provider: ({ url }) => {
      if (url.includes('oauth2')) return answer({ access_token: 'token', expires_in: 3600 });
      return isRefusing ? answer(refusal(reason), 403) : answer(fixture('google-workspace').person);
    },
  });
  const { headers } = PROVIDER_CASES.find(({ preset }) => preset === 'google-workspace') ?? {};
  await hooks.send('people', {
    body: JSON.stringify(fixture('google-workspace').create),
    headers: { ...headers?.create, 'x-goog-channel-token': 'a-secret-of-some-length' },
  });
  await pass(hooks, minutes);
  const held = (await listAwaitingConfirmation(hooks.services, 'demo', { limit: 10 })).events;
  isRefusing = false;
  await pass(hooks, 3);
  return { held, agents: hooks.agents() };
}

describe('a reading that Google refuses with 403', () => {
  it.each(['userRateLimitExceeded', 'rateLimitExceeded', 'quotaExceeded'])(
    'because of %s is made later, for as long as it takes',
    async (reason) => {
      expect(await reading(reason, 30)).toEqual({
        held: [],
        agents: { active: ['liz@example.com'], suspended: [] },
      });
    },
  );

  it('because it is forbidden waits for a person', async () => {
    const { held } = await reading('forbidden', 30);
    expect(held).toHaveLength(1);
  });
});
