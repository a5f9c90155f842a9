import { activateDraft } from '../../operate/configuration/activate-draft.ts';
import { keepDraft, readDraft } from '../../operate/configuration/draft.ts';
import { readGenerations } from '../../operate/configuration/generations.ts';
import { knownNames, outlookOfDraft, personsOf, planOn } from '../../operate/configuration/plan-draft.ts';
import { OperateError } from '../../operate/errors.ts';
import { compact } from '../../runtime/compact.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';
import type { Answer, PageContext, ShowPage } from '../page.ts';
import { editPage, MOST_CHARACTERS, tenantIn } from '../pages/mapping/edit.ts';
import { ask, done } from '../view/ask.ts';
import { html, NOTHING } from '../view/html.ts';
import { href } from '../view/link.ts';
import { counted } from '../view/shown.ts';
import { actorOf, assertTyped } from './actor.ts';

/** From more people on, their number has to be typed. */
const UNASKED = 20;
/** So long a request looks at people; the next one goes on. API Gateway gives up after 30 seconds. */
const STEP_MS = 6_000;

/** Checks a changed mapping; one that is right is kept and planned. */
export const checkMapping: ShowPage = async (context) => {
  const given = context.request.form.get('mapping') ?? '';
  if (given.length > MOST_CHARACTERS) {
    throw new OperateError('invalid', `The mapping has more than ${MOST_CHARACTERS} characters; use push.`);
  }
  return drafted(context, given);
};

/** Checks the text as it is to be, keeps it and begins to plan. */
async function drafted(context: PageContext, given: string, restores?: number): Promise<Answer> {
  const { services, provisioning, base } = context;
  const { name, catalogue } = provisioning;
  const { after, before, deployed } = await readGenerations(services.directory);
  if (after === undefined || before === undefined) {
    throw new OperateError('unavailable', 'No generation is active yet: push makes the first.');
  }
  const names = await knownNames(catalogue);
  const { checkMappingText } = await import('../../operate/configuration/check-mapping.ts');
  const { tenant, problems } = checkMappingText(given, { name, active: before, deployed, catalogue: names });
  if (tenant === undefined) return { ...editPage(context, given, problems), status: 400 };
  const actor = actorOf(context);
  const terms = { tenant, active: before, after: after.entry.number, actor, ...compact({ restores }) };
  const id = await keepDraft(services, name, terms);
  await planOn(services, provisioning, id, STEP_MS);
  return { to: href(base, `mapping/plan/${id}`) };
}

/** Goes on with a plan. */
export const goOn: ShowPage = async ({ services, provisioning, base, params }) => {
  const { id } = await planOn(services, provisioning, params.draft ?? '', STEP_MS);
  return { to: href(base, `mapping/plan/${id}`) };
};

export const askActivate: ShowPage = async (context) => {
  const { services, provisioning, base } = context;
  const { stored, draft } = await draftOf(context);
  const { id, effects } = draft;
  const { calls, minutes, brake } = await outlookOfDraft(services, provisioning.name, draft);
  const here = href(base, `mapping/plan/${id}`);
  const changed = changedIn(effects);
  const passes =
    personsOf(stored) !== undefined && changed > 0
      ? html`<p class="field"><label class="tick"><input type="checkbox" name="passes" value="yes"> What the plan names passes the brake; all else meets it as ever</label></p>`
      : NOTHING;
  return {
    title: 'Activate the mapping',
    body: ask({
      action: `${here}/activate`,
      will: html`<p>The next generation holds this mapping. <strong>${counted(changed, 'person')}</strong> ${changed === 1 ? 'is' : 'are'} changed by it, ${brake.leaving.toLocaleString('en')} of them leave service, ${effects.fail ?? 0} fail: ${counted(calls, 'call')} to SmartAssist at the most, about ${counted(minutes, 'minute')}. Functions work with it within 30 seconds. It can be gone back from.</p>`,
      fields: passes,
      button: 'Activate',
      cancel: here,
      isGrave: true,
      ...compact({
        typed: changed > UNASKED ? { what: 'the number of people', of: String(changed) } : undefined,
      }),
    }),
  };
};

export const activate: ShowPage = async (context) => {
  const { services, provisioning, base, request } = context;
  const { draft } = await draftOf(context);
  const changed = changedIn(draft.effects);
  if (changed > UNASKED) assertTyped(context, changed);
  const choice = { passesBrake: request.form.get('passes') === 'yes' };
  const { entry, approved } = await activateDraft(services, provisioning, draft.id, choice, actorOf(context));
  const said = html`<p>Generation ${entry.number} is active; functions work with it within 30 seconds.${approved > 0 ? html` ${counted(approved, 'person')} pass the brake, as planned.` : NOTHING}</p><p>Take it over into provisioner.yaml as well, or the next <code>push</code> or deployment takes it back: <a href="${href(base, 'mapping.yaml')}">save it as YAML</a>.</p>`;
  return {
    title: 'Activated',
    body: done(said, { back: href(base, 'mapping'), audit: href(base, 'audit') }),
  };
};

async function draftOf({ services, provisioning, params }: PageContext) {
  const found = await readDraft(services.directory, provisioning.name, params.draft ?? '');
  if (!found.draft.isDone)
    throw new OperateError('invalid', 'The plan is not made to its end yet; go on with it first.');
  return found;
}

function changedIn({ create = 0, change = 0, resume = 0, suspend = 0, remove = 0 }: Record<string, number>) {
  return create + change + resume + suspend + remove;
}

function numberOf({ params }: PageContext): number {
  return /^\d{1,9}$/.test(params.number ?? '') ? Number(params.number) : 0;
}

export const askBack: ShowPage = async (context) => {
  const { base } = context;
  const number = numberOf(context);
  await tenantIn(context, number);
  return {
    title: `Plan going back to generation ${number}`,
    body: ask({
      action: `${base}/mapping/back/${number}`,
      will: html`<p>The mapping that generation <strong>${number}</strong> had is checked against SmartAssist, and what it would do to everybody is shown. Nothing is changed before an admin activates it. Sources, secrets and all else stay as they are.</p>`,
      button: 'Check and plan',
      cancel: href(base, 'mapping'),
    }),
  };
};

export const planBack: ShowPage = async (context) => {
  const number = numberOf(context);
  const [older, now] = [await tenantIn(context, number), await tenantIn(context)];
  const { mappingText, withMapping } = await import('../../mapping/mapping-text.ts');
  const tenant: TenantConfiguration = withMapping(now.tenant, older.tenant);
  return drafted(context, mappingText(tenant), number);
};
