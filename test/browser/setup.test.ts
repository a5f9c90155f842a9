import { describe, expect, it } from 'vitest';
import { CHROMIUM } from './chromium.ts';
import { enters, IS_ALL, opensBoth } from './opened.ts';

const PATIENCE_MS = 120_000;
/** A secret is read anew every 30 seconds at most. */
const KNOWN_MS = 45_000;

describe.skipIf(CHROMIUM === undefined || !IS_ALL)('a token that is made in a browser', () => {
  const both = opensBoth();

  it(
    'opens SCIM, and the page says by itself from whom it has heard',
    async () => {
      const { centre } = both();
      const { context, page, faults } = await enters(both());
      await page.getByRole('link', { name: 'Set-up', exact: true }).click();
      await page.getByRole('link', { name: 'Make a token…' }).click();
      await page.getByLabel('Why, for the audit').fill('for Okta');
      await page.getByRole('button', { name: 'Make a token' }).click();
      const token = (await page.locator('#token').innerText()).trim();
      await page.getByRole('link', { name: 'Back', exact: true }).click();
      await page.locator('#heard', { hasText: 'not used yet' }).waitFor({ timeout: KNOWN_MS });
      const headers = { authorization: `Bearer ${token}`, 'user-agent': 'Okta SCIM Client 1.0.0' };
      const ask = async () => (await fetch(`${centre.url}/demo/scim/v2/Users?count=1`, { headers })).status;
      await expect.poll(ask, { timeout: KNOWN_MS }).toBe(200);
      await page.locator('#heard', { hasText: 'Heard from Okta' }).waitFor();
      expect(await page.locator('#heard').innerText()).not.toContain('not used yet');
      expect(faults).toEqual([]);
      await context.close();
    },
    PATIENCE_MS,
  );
});
