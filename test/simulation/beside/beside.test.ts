import { expect, test } from 'vitest';
import { NO_RELEASES } from '../releases/releases.ts';
import { withRefusalsAsThrottling, withTenantsAsOne } from '../sabotage.ts';
import { firstFailure } from '../seeds.ts';
import { type Variety, WITHOUT_BRAKE } from '../variety.ts';
import { CALM } from '../weather.ts';

/** Small quiet days beside a tenant whose credentials SmartAssist refuses. */
const besideRefused = ({ tenant, ...variety }: Variety): Variety => ({
  ...variety,
  tenant: {
    ...tenant,
    smartassist: { ...tenant.smartassist, callsPerMinute: 50 },
    lifecycle: { ...tenant.lifecycle, brake: WITHOUT_BRAKE },
  },
  ...{ persons: 30, disaster: false, releases: NO_RELEASES, weather: CALM, outages: [], crowds: 0 },
  ...{ rotations: 0, deployments: 0, neighbour: { state: 'refused', persons: 25 } },
});

test.each([
  ['that the refused calls of one tenant stop the account', withRefusalsAsThrottling, /has waited/],
  ['that a token opens the door of another tenant', withTenantsAsOne, /token of another tenant/],
])('it is noticed within 20 days %s', { timeout: 300_000 }, async (_, sabotage, rule) => {
  const failure = await firstFailure(1, 20, { vary: besideRefused, sabotage });
  expect(failure?.wrongs.join('\n')).toMatch(rule);
});

test('joiners beside such a tenant are in time', { timeout: 300_000 }, async () => {
  expect(await firstFailure(1, 2, { vary: besideRefused })).toBeUndefined();
});
