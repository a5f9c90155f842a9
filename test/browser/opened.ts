import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { type Centre, openCentre } from './centre.ts';
import { openBrowser, openPage } from './chromium.ts';

/** A browser, and a centre of its own to look at. */
export interface Opened {
  readonly browser: Browser;
  readonly centre: Centre;
}

/** All tests, by `npm run test:browser`; `npm test` has the smoke alone. */
export const IS_ALL = process.env.BROWSER_TESTS === 'all';

/** Opens both before the tests of a group, and closes them behind the last. */
export function opensBoth(): () => Opened {
  let browser: Browser | undefined;
  let centre: Centre | undefined;
  beforeAll(async () => {
    [browser, centre] = await Promise.all([openBrowser(), openCentre()]);
  });
  afterAll(async () => {
    await browser?.close();
    await centre?.close();
  });
  return () => {
    if (browser === undefined || centre === undefined) throw new Error('nothing is opened yet');
    return { browser, centre };
  };
}

/** A page of the console in a browser context of its own, entered by a new link: the one before it is void. */
export async function enters({ browser, centre }: Opened, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options);
  const opened = await openPage(context);
  await opened.page.goto(centre.consoleLink());
  return { context, ...opened };
}
