import { compileMapping, type Mapping } from '../../../mapping/compile.ts';
import { readDraft } from '../../../operate/configuration/draft.ts';
import { OperateError } from '../../../operate/errors.ts';
import { explainRecord } from '../../../operate/people/explanation.ts';
import { previewRecord } from '../../../operate/people/preview.ts';
import { selectPerson } from '../../../operate/people/select.ts';
import { ScimInputError } from '../../../scim-core/error.ts';
import type { TenantConfiguration } from '../../../tenant/configuration.ts';
import { ConfigurationError } from '../../../tenant/problem.ts';
import type { PageContext, ShowPage } from '../../page.ts';
import { whyOf } from '../../view/agent.ts';
import { type Html, html, NOTHING } from '../../view/html.ts';
import { href } from '../../view/link.ts';
import { lines, plain, text } from '../../view/shown.ts';

/** More than any person has. */
const MOST_CHARACTERS = 100_000;

/** Where a person is named or written down, to see what the mapping makes of it. */
export const askTry: ShowPage = async ({ base, request }) => ({
  title: 'Try a person',
  body: formOf(base, { draft: request.query.get('draft') ?? '', name: '', json: EXAMPLE }),
});

const EXAMPLE = JSON.stringify(
  {
    userName: 'ada@example.com',
    active: true,
    name: { givenName: 'Ada', familyName: 'Lovelace' },
    emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
    groups: [{ display: 'Contact Centre Billing' }],
  },
  undefined,
  2,
);

/** What the mapping, or a draft of another one, makes of a person; nothing is changed and no call is made. */
export const tryPerson: ShowPage = async (context) => {
  const { base, request, provisioning, services, now } = context;
  const { form } = request;
  const [draft, name, json] = ['draft', 'name', 'json'].map((key) => form.get(key)?.trim() ?? '');
  const filled = formOf(base, { draft: draft ?? '', name: name ?? '', json: json ?? '' });
  const used = await mappingOf(context, draft ?? '');
  const catalogue = await provisioning.catalogue.known();
  try {
    const record =
      name === undefined || name === ''
        ? previewRecord(provisioning.name, parsed(json ?? ''), now)
        : await selectPerson(services, provisioning, name);
    const directory = name === undefined || name === '' ? undefined : services.directory;
    const explained = await explainRecord(used, catalogue, record, directory, services.clock.now());
    return {
      title: 'Try a person',
      body: html`<section aria-labelledby="result"><h2 id="result">${text(record.person.userName)}</h2><p>${explained.wanted && explained.problems.length === 0 ? 'Would be an agent like this:' : ''}</p>${catalogue === undefined ? html`<p>The names of SmartAssist are not known here yet, so they are not checked.</p>` : NOTHING}${whyOf(explained, catalogue, record.deletedAt !== undefined)}</section>${filled}`,
    };
  } catch (error) {
    if (!(error instanceof ScimInputError || error instanceof OperateError)) throw error;
    return {
      title: 'Try a person',
      status: 400,
      body: html`<p class="notice red" role="alert">${text(error.message, 600)}</p>${filled}`,
    };
  }
};

/** @throws OperateError for what is not JSON */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new OperateError(
      'invalid',
      'That is not JSON: paste one SCIM User, beginning with { and ending with }.',
    );
  }
}

async function mappingOf(
  { services, provisioning }: PageContext,
  draft: string,
): Promise<{ readonly mapping: Mapping; readonly tenant: TenantConfiguration }> {
  if (draft === '') return provisioning;
  const { tenant } = (await readDraft(services.directory, provisioning.name, draft)).draft;
  const compiled = compileMapping(tenant);
  if (!('mapping' in compiled)) throw new ConfigurationError('draft', compiled.problems);
  return { mapping: compiled.mapping, tenant };
}

function formOf(
  base: string,
  { draft, name, json }: { readonly draft: string; readonly name: string; readonly json: string },
): Html {
  return html`<form class="ask wide" method="post" action="${base}/mapping/try">${draft === '' ? NOTHING : html`<input type="hidden" name="draft" value="${plain(draft, 100)}"><p>With the mapping that is planned, not the one in force.</p>`}
<p class="field"><label for="name">Somebody who is here: userName, e-mail or id</label><input id="name" name="name" value="${plain(name, 500)}" autocomplete="off"></p>
<p class="field"><label for="json">Or a SCIM User as JSON, with the groups that it would be in</label><textarea id="json" name="json" rows="14" spellcheck="false" autocapitalize="off">
${lines(json, MOST_CHARACTERS)}</textarea></p>
<div class="buttons"><button class="main">Show the agent</button> <a class="button" href="${href(base, 'mapping')}">Back to the mapping</a></div></form>`;
}
