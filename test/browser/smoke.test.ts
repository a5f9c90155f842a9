import { describe, expect, it } from 'vitest';
import { CHROMIUM, expectAccessible, openPage } from './chromium.ts';
import { enters, opensBoth } from './opened.ts';

/** A browser beside all other tests has little of a machine. */
const PATIENCE_MS = 60_000;

/** How far things have moved on a page since it was opened: https://web.dev/articles/cls */
const LAYOUT_SHIFT = `new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) sum += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => resolve(sum), 200);
})`;

describe.skipIf(CHROMIUM === undefined)('the console in a browser', () => {
  const both = opensBoth();

  it.each([true, false])(
    'is used from the link to a retry (with script: %s)',
    async (javaScriptEnabled) => {
      const { browser, centre } = both();
      const context = await browser.newContext({ javaScriptEnabled });
      const { page, faults } = await openPage(context);
      const userName = `linus-${javaScriptEnabled}@example.com`;
      await centre.behave({ faults: [{ kind: 'status', status: 503 }] });
      await centre.create(centre.named(userName, userName, 'Linus', '<b>Torvalds</b>'));
      // What failed for the moment may be tried again between two clicks; a refusal waits for an operator.
      await centre.behave({ faults: [{ kind: 'status', status: 400 }] });
      await page.goto(centre.consoleLink());
      expect(page.url()).toBe(centre.console);
      expect(await page.title()).toBe('Now · demo · Agent Provisioner');
      await expect
        .poll(
          async () => {
            await page.reload();
            return page.locator('#now').innerText();
          },
          { timeout: PATIENCE_MS / 2 },
        )
        .toContain('SmartAssist refused the agent.');
      await page.getByRole('link', { name: 'People', exact: true }).click();
      await page.getByRole('link', { name: userName }).click();
      expect(await page.locator('h1').innerText()).toBe(userName);
      expect(await page.locator('main').innerText()).toContain('<b>Torvalds</b>');
      await page.getByRole('link', { name: 'Retry' }).click();
      await page.getByLabel('Why, for the audit').waitFor();
      // With the script the question is a dialog on the page, without it a page of its own.
      expect(await page.locator('dialog[open]').count()).toBe(javaScriptEnabled ? 1 : 0);
      await page.getByLabel('Why, for the audit').fill('tried in a browser');
      await centre.behave({ faults: [] });
      await page.getByRole('button', { name: /^Retry 1 person$/ }).click();
      await page.getByRole('status').first().waitFor();
      expect(await page.locator('main').innerText()).toMatch(/due now|due already/);
      await page.getByRole('link', { name: 'Audit', exact: true }).click();
      expect(await page.locator('main').innerText()).toContain('tried in a browser');
      expect(faults).toEqual([]);
      await context.close();
    },
    PATIENCE_MS,
  );

  it(
    'has nothing that keeps people from using it, and does not move while it loads',
    async () => {
      const { centre } = both();
      const { context, page, faults } = await enters(both());
      for (const path of ['', '/people', '/brake']) {
        await page.goto(`${centre.console}${path}`);
        await expectAccessible(page);
        const shift = await page.evaluate<number>(LAYOUT_SHIFT);
        expect(shift, path).toBeLessThan(0.01);
      }
      expect(faults).toEqual([]);
      await context.close();
    },
    PATIENCE_MS,
  );
});
