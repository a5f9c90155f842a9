import { readConfigurationOf, readGenerations } from '../../../operate/configuration/generations.ts';
import { OperateError } from '../../../operate/errors.ts';
import type { TenantConfiguration } from '../../../tenant/configuration.ts';
import { readGeneration } from '../../../tenant/generation/store.ts';
import { type Problem, problemText } from '../../../tenant/problem.ts';
import type { Page, PageContext, ShowPage } from '../../page.ts';
import { html, NOTHING } from '../../view/html.ts';
import { href } from '../../view/link.ts';
import { counted, lines } from '../../view/shown.ts';

/** A longer mapping is changed by `push`. */
export const MOST_CHARACTERS = 500_000;
const PROBLEMS = 50;

/** The mapping as a text to change. */
export const editMapping: ShowPage = async (context) => {
  const { tenant } = await tenantIn(context);
  const { mappingText } = await import('../../../mapping/mapping-text.ts');
  return editPage(context, mappingText(tenant));
};

/**
 * The tenant as the active generation has it, or an older one.
 *
 * @throws OperateError where there is no such generation, or the tenant is not in it
 */
export async function tenantIn(
  { services: { directory }, provisioning: { name } }: PageContext,
  number?: number,
): Promise<{ readonly tenant: TenantConfiguration; readonly digest: string }> {
  const { after, before } = await readGenerations(directory);
  if (after === undefined || before === undefined) {
    throw new OperateError('unavailable', 'No generation is active yet: push makes the first.');
  }
  const entry = number === undefined ? after.entry : await readGeneration(directory, after.entry, number);
  const whole = entry === after.entry ? before : entry && (await readConfigurationOf(directory, entry));
  const tenant = whole?.tenants[name];
  if (entry === undefined || tenant === undefined) {
    throw new OperateError('invalid', `There is no generation ${number} with the tenant ${name}.`);
  }
  return { tenant, digest: entry.digest };
}

/** The form, with what is wrong with its text. */
export function editPage({ base }: PageContext, text: string, problems: readonly Problem[] = []): Page {
  const found =
    problems.length === 0
      ? NOTHING
      : html`<div class="notice red" role="alert" tabindex="-1" id="problems"><p>${counted(problems.length, 'problem')}; nothing was changed.</p><ul>${problems.slice(0, PROBLEMS).map((problem) => html`<li><pre>${lines(problemText('line', problem), 1_000)}</pre></li>`)}</ul></div>`;
  return {
    title: 'Change the mapping',
    body: html`${found}<form class="ask wide" method="post" action="${base}/mapping/check">
<p>These keys of the tenant can be changed here. What names secrets, hosts, accounts, sources, authority or roles is changed by <code>push</code>, with rights on AWS.</p>
<p class="field"><label for="mapping">The mapping, as YAML</label><textarea id="mapping" name="mapping" rows="24" spellcheck="false" autocapitalize="off" autocomplete="off">
${lines(text, MOST_CHARACTERS)}</textarea></p>
<p>It is checked, and what it would do to everybody is shown. Nothing is changed before an admin activates it.</p>
<div class="buttons"><button class="main">Check and plan</button> <a class="button" href="${href(base, 'mapping')}">Cancel</a></div></form>`,
  };
}
