import { describe, expect, it } from 'vitest';
import { CHROMIUM, expectAccessible } from './chromium.ts';
import { enters, IS_ALL, opensBoth } from './opened.ts';

/** The schedule begins a dry run within a minute. */
const BEGUN_MS = 90_000;

describe.skipIf(CHROMIUM === undefined || !IS_ALL)('a source that is tried in a browser', () => {
  const both = opensBoth();

  it(
    'shows what reading it would do with and without script, and stores nothing',
    async () => {
      const opens = async (javaScriptEnabled: boolean) => {
        const entered = await enters(both(), { javaScriptEnabled });
        await entered.page.getByRole('link', { name: 'Sources', exact: true }).click();
        await entered.page.getByRole('link', { name: 'okta', exact: true }).click();
        return entered;
      };
      // A link is good once: the second is asked for when the first has been used.
      const asking = await opens(false);
      const watching = await opens(true);
      const { page } = asking;
      await page.getByRole('link', { name: 'Dry run', exact: true }).click();
      await page.getByLabel('Why, for the audit').fill('tried in a browser');
      await page.getByRole('button', { name: 'Find out' }).click();
      await page.getByRole('link', { name: 'Back', exact: true }).click();
      expect(await page.locator('#source').innerText()).toContain('It begins within a minute.');
      // The page with the script follows by itself, the other one is opened anew.
      await watching.page.getByText('The last one ended').waitFor({ timeout: BEGUN_MS });
      await page.reload();
      for (const { page: each } of [asking, watching]) {
        const words = await each.locator('#source').innerText();
        expect(words).toMatch(/What it would find \(initial\): 5 rows in \d+ calls?/);
        expect(words).toContain('Read everybody for the first time');
      }
      await expectAccessible(watching.page);
      await page.getByRole('link', { name: 'People', exact: true }).click();
      expect(await page.locator('main').innerText()).not.toContain('listed-1@example.com');
      await page.getByRole('link', { name: 'Audit', exact: true }).click();
      expect(await page.locator('main').innerText()).toContain('source dry run');
      expect([...asking.faults, ...watching.faults]).toEqual([]);
      await Promise.all([asking.context.close(), watching.context.close()]);
    },
    2 * BEGUN_MS,
  );

  it.each([true, false])(
    'shows what would become of an event (with script: %s)',
    async (javaScriptEnabled) => {
      const { centre } = both();
      const { context, page, faults } = await enters(both(), { javaScriptEnabled });
      await page.goto(`${centre.console}/sources/workos`);
      await page.getByRole('link', { name: 'Test event', exact: true }).click();
      await page.getByLabel('Event').selectOption('created');
      await page.getByLabel(/About whom/).fill('zoe@example.com');
      await page.getByRole('button', { name: 'Show what would happen' }).click();
      const words = await page.locator('main').innerText();
      for (const each of ['zoe@example.com', 'The person would be stored', 'Fields of the agent'])
        expect(words).toContain(each);
      if (javaScriptEnabled) await expectAccessible(page);
      await page.goto(`${centre.console}/people?search=zoe`);
      expect(await page.locator('main').innerText()).not.toContain('zoe@example.com');
      expect(faults).toEqual([]);
      await context.close();
    },
    BEGUN_MS,
  );
});
