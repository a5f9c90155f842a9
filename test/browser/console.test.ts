import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { NAUGHTY } from '../console/naughty.ts';
import type { Centre } from './centre.ts';
import { CHROMIUM, expectAccessible, openPage } from './chromium.ts';
import { enters, IS_ALL, opensBoth } from './opened.ts';

const PATHS = [
  '',
  '/people',
  '/failures',
  '/brake',
  '/mapping',
  '/mapping/edit',
  '/mapping/try',
  '/sources',
  '/reconciliation',
  '/set-up',
  '/audit',
];
/** Where pictures are put for a look. */
const PICTURES = '.data/screenshots';
/** Milliseconds from the beginning of the navigation: https://developer.mozilla.org/docs/Web/API/PerformancePaintTiming */
const FIRST_PAINT = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.name === 'first-contentful-paint') resolve(entry.startTime);
  }).observe({ type: 'paint', buffered: true });
})`;
/** A walk through all pages. */
const WALK_MS = 300_000;
/** Until the clock has done everything once. */
const ROUND_MS = 150_000;

describe.skipIf(CHROMIUM === undefined || !IS_ALL)('each page of the console', () => {
  const both = opensBoth();
  let ada: string;
  /** A change of the mapping that is planned. */
  let plan: string;
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    const { browser, centre } = both();
    ada = await centre.create({
      userName: 'ada@example.com',
      externalId: 'p9',
      emails: [{ value: 'ada@example.com' }],
    });
    plan = await planOf(browser, centre);
  });

  const pathsWith = () => [
    ...PATHS,
    `/people/${ada}`,
    `/people/${ada}?live=1`,
    `/people/${ada}/provision`,
    `/people/${ada}/export`,
    `/people/${ada}/erase`,
    '/people/retry?state=provisioned',
    '/sources/scim',
    '/sources/okta',
    '/sources/okta/dry-run',
    '/sources/workos/try-event',
    '/pause',
    '/reconciliation/start',
    '/reconciliation/adopt?agent=u-1',
    '/mapping/back/1',
    '/set-up/token',
    plan,
    `${plan}/activate`,
    '/nothing-here',
  ];

  it.each([
    { colorScheme: 'light', width: 1280, height: 800 },
    { colorScheme: 'dark', width: 1280, height: 800 },
    { colorScheme: 'light', width: 390, height: 844 },
    // As at 200 % zoom.
    { colorScheme: 'dark', width: 640, height: 400 },
  ] as const)(
    'is accessible and fits $width pixels in $colorScheme',
    async ({ colorScheme, width, height }) => {
      const { centre } = both();
      const { context, page, faults } = await enters(both(), { colorScheme, viewport: { width, height } });
      for (const path of pathsWith()) {
        await page.goto(`${centre.console}${path}`);
        await expectAccessible(page);
        const wide = await page.evaluate<number>(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        expect(wide, path).toBeLessThanOrEqual(0);
        const name = path.replace(ada, 'person').replace(plan, '/plan').replace(/\W+/g, '-') || '-now';
        await page.screenshot({ path: `${PICTURES}/${colorScheme}-${width}${name}.png` });
      }
      expect(faults.filter((fault) => !fault.includes('404'))).toEqual([]);
      await context.close();
    },
    WALK_MS,
  );

  it(
    'is the same without a script',
    async () => {
      const { browser, centre } = both();
      const [withScript, without] = await Promise.all(
        [true, false].map((javaScriptEnabled) =>
          browser.newContext({ javaScriptEnabled, timezoneId: 'UTC' }),
        ),
      );
      const texts: string[][] = [];
      const opened = [];
      // A sign-in is in the audit, so both come before anything is looked at.
      for (const context of [withScript, without]) {
        if (context === undefined) throw new Error('no context');
        const watched = await openPage(context);
        await watched.page.goto(centre.consoleLink());
        opened.push({ context, ...watched });
      }
      for (const { page } of opened.slice(0, 1)) await firstRound(page, centre);
      for (const { context, page, faults } of opened) {
        const seen: string[] = [];
        for (const path of PATHS) {
          await page.goto(`${centre.console}${path}`);
          const text = await page.locator('main').innerText();
          seen.push(
            text.replace(
              /\w{3} \d+, \d{4}, \d+:\d+\s[AP]M|\d{4}-\d\d-\d\d \d\d:\d\d UTC|\d+ (seconds?|minutes?|%)|< \d+ \w+/g,
              '',
            ),
          );
        }
        texts.push(seen);
        expect(faults).toEqual([]);
        await context.close();
      }
      expect(texts[0]).toEqual(texts[1]);
    },
    WALK_MS,
  );

  it(
    'is painted before its script has come',
    async () => {
      const { centre } = both();
      const { context, page, faults } = await enters(both());
      let release = () => {};
      await page.route('**/script.js', async (route) => {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        await route.continue();
      });
      for (const path of PATHS) {
        await page.goto(`${centre.console}${path}`, { waitUntil: 'commit' });
        const painted = await page.evaluate<number>(FIRST_PAINT);
        expect(await page.evaluate('document.readyState'), path).not.toBe('complete');
        release();
        await page.waitForLoadState('load');
        process.stdout.write(`first paint of ${path === '' ? '/' : path}: ${painted.toFixed(0)} ms\n`);
      }
      expect(faults).toEqual([]);
      await context.close();
    },
    WALK_MS,
  );

  it(
    'is walked by keyboard alone, and a dialog gives the focus back',
    async () => {
      const { centre } = both();
      const { context, page, faults } = await enters(both());
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('Skip to content');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement?.id')).toBe('main');
      await page.goto(`${centre.console}/people/${ada}`);
      await tabTo(page, 'Provision now');
      await page.keyboard.press('Enter');
      await page.locator('dialog[open]').waitFor();
      await expectAccessible(page);
      expect(await page.evaluate('document.querySelector("dialog").contains(document.activeElement)')).toBe(
        true,
      );
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
      expect(await focused(page)).toBe('Provision now');
      await page.keyboard.press('Enter');
      await page.locator('dialog[open]').waitFor();
      await tabTo(page, 'Provision 1 person');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Step by step' }).waitFor();
      expect(faults).toEqual([]);
      await context.close();
    },
    WALK_MS,
  );

  it(
    'follows what is typed into a filter, with the address',
    async () => {
      const { centre } = both();
      const { context, page, faults } = await enters(both());
      await page.goto(`${centre.console}/people`);
      await page.getByRole('searchbox').pressSequentially('grace');
      await page.locator('#list caption', { hasText: /^1 person/ }).waitFor();
      expect(page.url()).toBe(`${centre.console}/people?search=grace`);
      expect(await page.evaluate('document.activeElement?.id')).toBe('search');
      expect(faults).toEqual([]);
      await context.close();
    },
    WALK_MS,
  );

  it(
    'runs no text of others',
    async () => {
      const { browser, centre } = both();
      const context = await browser.newContext();
      const { page, faults } = await openPage(context);
      page.on('dialog', (dialog) => {
        faults.push(`a dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      await page.goto(centre.consoleLink());
      const ids: string[] = [];
      for (const [i, naughty] of NAUGHTY.entries()) {
        const changes = {
          userName: `${i} ${naughty}`.slice(0, 3_000),
          externalId: `n${i}`,
          name: { givenName: naughty.slice(0, 40), familyName: naughty.slice(0, 40) },
          emails: [{ value: `n${i}@example.com` }],
        };
        const id = await centre.create(changes).catch(() => undefined);
        if (id !== undefined) ids.push(id);
      }
      expect(ids.length).toBeGreaterThan(20);
      for (const path of ['', '/people', ...ids.map((id) => `/people/${id}`), '/audit']) {
        await page.goto(`${centre.console}${path}`);
        expect(
          await page.locator('main script, main iframe, main img, main base, main meta, main style').count(),
        ).toBe(0);
      }
      expect(faults).toEqual([]);
      await context.close();
    },
    WALK_MS,
  );

  it(
    'refuses a form that another site posts',
    async () => {
      const { centre } = both();
      const { context, page } = await enters(both());
      const answer = await page.request.post(`${centre.console}/pause`, {
        headers: { origin: 'https://evil.example' },
        form: { reason: 'x' },
      });
      expect(answer.status()).toBe(403);
      await page.goto(centre.console);
      expect(await page.locator('#now').innerText()).not.toContain('paused');
      await context.close();
    },
    WALK_MS,
  );
});

/** The clock reads all agents and counts rules for the first time: pages are compared that don't change meanwhile. */
async function firstRound(page: Page, { console }: Centre): Promise<void> {
  const told = async (path: string) => {
    await page.goto(`${console}${path}`);
    return page.locator('main').innerText();
  };
  const within = { timeout: ROUND_MS, interval: 1_000 };
  await expect.poll(() => told('/reconciliation'), within).not.toContain('None has been made yet');
  await expect.poll(() => told('/mapping'), within).toContain('Counted');
}

async function focused(page: Page): Promise<string> {
  return page.evaluate<string>('document.activeElement?.textContent?.trim() ?? ""');
}

async function tabTo(page: Page, name: string): Promise<void> {
  for (let steps = 0; steps < 80; steps++) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${name} is not reached by keyboard`);
}

async function planOf(browser: Browser, centre: Centre): Promise<string> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(centre.consoleLink());
  await page.goto(`${centre.console}/mapping/edit`);
  const field = page.getByLabel('The mapping, as YAML');
  const text = await field.inputValue();
  await field.fill(text.replace('agentGroup: Default Group', 'agentGroup: Billing'));
  await page.getByRole('button', { name: 'Check and plan' }).click();
  await page.waitForURL('**/mapping/plan/*');
  const path = page.url().slice(centre.console.length);
  await context.close();
  return path;
}
