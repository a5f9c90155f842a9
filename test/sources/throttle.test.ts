import { describe, expect, it } from 'vitest';
import { jsonView } from '../../functions/events/json-view.ts';
import { isThrottling, retryAfterOf } from '../../functions/sources/throttle.ts';
import type { SourcePreset } from '../../functions/tenant/sources.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const IN_90_S = String(NOW / 1_000 + 90);

const refused = (status: number, headers: Readonly<Record<string, string>> = {}, body: unknown = {}) => ({
  status,
  headers,
  body: jsonView(body),
});
const quota = (reason: unknown) => ({ error: { errors: [{ reason: 'backendError' }, { reason }] } });

describe('a provider that throttles is left alone', () => {
  it.each<[string, SourcePreset, ReturnType<typeof refused>, number | undefined]>([
    ['for the seconds of Retry-After', 'workos', refused(429, { 'retry-after': '17' }), 17_000],
    [
      'until the date of Retry-After',
      'workos',
      refused(503, { 'retry-after': 'Mon, 23 Nov 2026 10:02:00 GMT' }),
      120_000,
    ],
    ['by Retry-After, whatever the status', 'workos', refused(500, { 'retry-after': '5' }), 5_000],
    ['for an hour at most', 'workos', refused(429, { 'retry-after': '86400' }), 3_600_000],
    ['not by a date that has passed', 'workos', refused(429, { 'retry-after': '2020-01-01' }), undefined],
    ['not for no time at all', 'workos', refused(429, { 'retry-after': '0' }), undefined],
    ['not by a word', 'workos', refused(429, { 'retry-after': 'soon' }), undefined],
    ['for a time of the asker where it says none', 'workos', refused(429), undefined],
    ['until the reset of Okta', 'okta-event-hook', refused(429, { 'x-rate-limit-reset': IN_90_S }), 90_000],
    ['until the reset of Auth0', 'auth0', refused(429, { 'x-ratelimit-reset': IN_90_S }), 90_000],
    ['until the reset of HiBob', 'hibob', refused(429, { 'x-ratelimit-reset': IN_90_S }), 90_000],
    [
      'by Retry-After before a reset',
      'hibob',
      refused(429, { 'retry-after': '3', 'x-ratelimit-reset': IN_90_S }),
      3_000,
    ],
    [
      'for an hour at most, whatever the reset says',
      'auth0',
      refused(429, { 'x-ratelimit-reset': String(NOW / 1_000 + 86_400) }),
      3_600_000,
    ],
    [
      'for a minute by Okta, whose reset has passed',
      'okta-event-hook',
      refused(429, { 'x-rate-limit-reset': String(NOW / 1_000) }),
      60_000,
    ],
    [
      'for a minute by HiBob, whose reset is no time',
      'hibob',
      refused(429, { 'x-ratelimit-reset': '?' }),
      60_000,
    ],
    ['for a time of the asker by Auth0 without a reset', 'auth0', refused(429), undefined],
    ['for a minute by BambooHR', 'bamboohr', refused(503), 60_000],
    ['for a minute by BambooHR since it says 429', 'bamboohr', refused(429), 60_000],
    ['not by BambooHR that fails', 'bamboohr', refused(500), undefined],
    ['for a minute by Paylocity, which says 403', 'paylocity', refused(403), 60_000],
    ['not by a 403 of others', 'bamboohr', refused(403), undefined],
    [
      'not by a reset of Okta that only forbids',
      'okta-event-hook',
      refused(403, { 'x-rate-limit-reset': IN_90_S }),
      undefined,
    ],
    [
      'for a minute by Google, by its reason',
      'google-workspace',
      refused(403, {}, quota('quotaExceeded')),
      60_000,
    ],
    ['not by another reason of Google', 'google-workspace', refused(403, {}, quota('forbidden')), undefined],
    [
      'not by a reason of Google that is no text',
      'google-workspace',
      refused(403, {}, quota(null)),
      undefined,
    ],
    [
      "not by Google's reason from another provider",
      'bamboohr',
      refused(403, {}, quota('quotaExceeded')),
      undefined,
    ],
  ])('%s', (_, preset, exchange, expected) => {
    expect(retryAfterOf(preset, exchange, NOW)).toBe(expected);
  });

  it('for a minute where only the answer says that it throttles', () => {
    expect(retryAfterOf('workos', refused(400), NOW, true)).toBe(60_000);
    expect(retryAfterOf('auth0', refused(400, { 'x-ratelimit-reset': IN_90_S }), NOW, true)).toBe(90_000);
  });
});

describe('a refusal that is only for now', () => {
  it.each<[SourcePreset, ReturnType<typeof refused>, boolean]>([
    ['paylocity', refused(403), true],
    ['paylocity', refused(401), false],
    ['google-workspace', refused(403, {}, quota('userRateLimitExceeded')), true],
    ['google-workspace', refused(403, {}, quota('rateLimitExceeded')), true],
    ['google-workspace', refused(403, {}, quota('quotaExceeded')), true],
    ['google-workspace', refused(403, {}, quota('forbidden')), false],
    ['google-workspace', refused(403, {}, quota(undefined)), false],
    ['google-workspace', refused(403), false],
    ['okta-event-hook', refused(403, {}, quota('quotaExceeded')), false],
    ['workos', refused(403), false],
  ])('of %s: %j', (preset, exchange, expected) => {
    expect(isThrottling(preset, exchange)).toBe(expected);
  });
});
