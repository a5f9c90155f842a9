import { existsSync } from 'node:fs';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

/** Where Debian and others put it; `CHROMIUM` names another one. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const CHROMIUM = [process.env.CHROMIUM ?? '', ...PLACES].find(
  (place) => place !== '' && existsSync(place),
);

/** What `.ci/run` looks for: there, a browser has to be. */
if (CHROMIUM === undefined) {
  process.stdout.write('Browser tests: skipped, there is no Chromium (apt-get install chromium)\n');
}

export function openBrowser(): Promise<Browser> {
  // A container has no user namespaces for the sandbox, and little shared memory.
  return chromium.launch({
    executablePath: CHROMIUM ?? '',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
}

export interface Watched {
  readonly page: Page;
  /** What the browser refused by the content security policy, errors of scripts, and answers that failed. */
  readonly faults: string[];
}

/** A page whose faults are kept; a test looks that there are none. */
export async function openPage(context: BrowserContext): Promise<Watched> {
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.text().includes('Content Security Policy'))
      faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('requestfailed', (request) => {
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') faults.push(`${request.url()} failed`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith('http://127.0.0.1:')) faults.push(`${request.url()} is of another host`);
  });
  return { page, faults };
}

/** Rules of WCAG 2.2 A and AA whose breach keeps people from using a page. */
export async function expectAccessible(page: Page): Promise<void> {
  // Evaluated by the driver, which the policy of the page does not concern.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`,
  );
  const found = violations.map(({ id, impact, nodes }) => ({
    id,
    impact,
    where: nodes.map(({ target }) => target.join(' ')),
  }));
  expect(found.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
}
