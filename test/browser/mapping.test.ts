import { describe, expect, it } from 'vitest';
import { DEMO_CATALOGUE } from '../../local/simulator/catalogue.ts';
import type { Centre } from './centre.ts';
import { CHROMIUM } from './chromium.ts';
import { enters, IS_ALL, opensBoth } from './opened.ts';

const NAMES = new Map(DEMO_CATALOGUE.agentGroups.map(({ id, name }) => [id, name]));
/** A generation is known everywhere within 30 seconds, and the schedule rings once a minute. */
const IN_FORCE_MS = 150_000;

describe.skipIf(CHROMIUM === undefined || !IS_ALL)('a mapping that is changed in a browser', () => {
  const both = opensBoth();

  it.each([false, true])(
    'is checked, planned, activated and in force for the agents (with script: %s)',
    async (javaScriptEnabled) => {
      const { centre } = both();
      const { context, page, faults } = await enters(both(), { javaScriptEnabled });
      await page.getByRole('link', { name: 'Mapping', exact: true }).click();
      await page.getByRole('link', { name: 'Change the mapping' }).click();
      const field = page.getByLabel('The mapping, as YAML');
      const text = await field.inputValue();
      await field.fill(text.replace('rules:', 'rulez:'));
      await page.getByRole('button', { name: 'Check and plan' }).click();
      expect(await page.getByRole('alert').innerText()).toContain('rulez');
      const group = javaScriptEnabled ? 'Technical Support' : 'Billing';
      const rule = `  - name: all in ${group}\n    set:\n      agentGroup: ${group}\n`;
      await page.getByLabel('The mapping, as YAML').fill(text.replace(/^wishes:/m, `${rule}wishes:`));
      await page.getByRole('button', { name: 'Check and plan' }).click();
      await page.getByText('people looked at; nothing is changed yet').waitFor();
      expect(await page.locator('#plan').innerText()).toContain(`all in ${group}: 2`);
      await page.getByRole('link', { name: 'Activate…' }).click();
      await page.getByLabel('Why, for the audit').fill('tried in a browser');
      await page.getByLabel('What the plan names passes the brake').check();
      await page.getByRole('button', { name: 'Activate' }).click();
      await page.getByText(/Generation \d+ is active/).waitFor();
      await page.goto(`${centre.console}/mapping`);
      expect(await page.locator('main').innerText()).toContain(`all in ${group}`);
      if (javaScriptEnabled)
        await expect.poll(() => groups(centre), { timeout: IN_FORCE_MS }).toEqual([group, group]);
      expect(faults.filter((fault) => !fault.includes('400'))).toEqual([]);
      await context.close();
    },
    2 * IN_FORCE_MS,
  );
});

/** The groups of all agents, as SmartAssist has them. */
async function groups({ simulatorUrl }: Centre): Promise<(string | undefined)[]> {
  const answer = await fetch(`${simulatorUrl}/_simulator/agents`);
  const { agents } = (await answer.json()) as { agents: { agentGroupId: string }[] };
  return agents.map(({ agentGroupId }) => NAMES.get(agentGroupId));
}
