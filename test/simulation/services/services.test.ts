import { expect, test } from 'vitest';
import { NO_RELEASES } from '../releases/releases.ts';
import {
  type Sabotage,
  withAuditTwice,
  withFaultsForOutages,
  withoutAudit,
  withoutLastValue,
  withoutRetryAfter,
  withTokensInErrors,
} from '../sabotage.ts';
import { firstFailure } from '../seeds.ts';
import { type Variety, WITHOUT_BRAKE } from '../variety.ts';
import { CALM } from '../weather.ts';

const HOUR_MS = 60 * 60_000;

/** Small days on which nothing goes wrong but what a test is about. */
const quiet = (variety: Variety, changes: Partial<Variety>): Variety => ({
  ...variety,
  ...{ persons: 20, disaster: false, releases: NO_RELEASES, weather: CALM, outages: [] },
  ...changes,
});

const outage = (of: 'secrets' | 'directory') => [{ of, hangs: false, from: 0, to: 10 * HOUR_MS }];

test.each<[string, Sabotage, (variety: Variety) => Partial<Variety>, RegExp]>([
  [
    'not keeping the last value of a secret',
    withoutLastValue,
    () => ({ weather: { ...CALM, secretsFail: 0.3 } }),
    /has read the secret/,
  ],
  [
    'not minding a Retry-After',
    withoutRetryAfter,
    ({ behaviour }) => ({
      behaviour: { ...behaviour, throttled: { retryAfter: 40 } },
      crowds: 12,
      persons: 60,
    }),
    /before the end of a Retry-After/,
  ],
  [
    'a token in the text of an error',
    withTokensInErrors,
    () => ({ weather: { ...CALM, unreachable: 0.2 } }),
    /shows a token/,
  ],
  [
    'a store without an answer told as a fault',
    withFaultsForOutages,
    () => ({ outages: outage('directory') }),
    /fault of its own/,
  ],
  ['a change of an agent without an entry of the audit', withoutAudit, () => ({}), /^the audit has 0 of /],
  [
    'a change of an agent with two entries of the audit',
    withAuditTwice,
    () => ({ weather: { ...CALM, functionDies: 0.001 } }),
    /^the audit has /,
  ],
  [
    'an update that is applied late and found by no reconciliation that repairs',
    {},
    ({ tenant }) => ({
      weather: { ...CALM, appliedLate: 0.3 },
      handEdits: 0,
      tenant: { ...tenant, lifecycle: { ...tenant.lifecycle, brake: WITHOUT_BRAKE, drift: 'report' } },
    }),
    /@example\.com/,
  ],
])('%s is noticed within 20 days', { timeout: 300_000 }, async (_, sabotage, changes, rule) => {
  const vary = (variety: Variety) => quiet(variety, changes(variety));
  const failure = await firstFailure(1, 20, { vary, sabotage });
  expect(failure?.wrongs.join('\n')).toMatch(rule);
});
