import { discardHeld, listHeld, releaseHeld, type Selection } from '../../operate/brake.ts';
import { acceptConfirmations, discardConfirmations } from '../../operate/confirmations.ts';
import { OperateError } from '../../operate/errors.ts';
import { compact } from '../../runtime/compact.ts';
import type { PageContext, ShowPage } from '../page.ts';
import { ask, done } from '../view/ask.ts';
import { html } from '../view/html.ts';
import { href } from '../view/link.ts';
import { counted, text } from '../view/shown.ts';
import { actorOf, assertTyped, whenOf } from './actor.ts';

/** From more people on, their number has to be typed. */
const UNASKED = 20;

function chosenOf(given: URLSearchParams): { selection: Selection; isYes: boolean } {
  const decision = given.get('decision');
  if (decision !== 'yes' && decision !== 'no') throw new OperateError('invalid', 'The decision is missing.');
  const persons = given.getAll('person');
  const isAll = given.get('all') === 'yes';
  if (!isAll && persons.length === 0)
    throw new OperateError('invalid', 'Nobody is selected; nothing was done.');
  return { selection: isAll ? { all: true } : { persons }, isYes: decision === 'yes' };
}

/** How many of those that the brake holds now are meant. */
async function countOf({ services, provisioning }: PageContext, selection: Selection): Promise<number> {
  const named = 'persons' in selection ? new Set(selection.persons) : undefined;
  let count = 0;
  for await (const { id } of listHeld(services, provisioning.name)) if (named?.has(id) ?? true) count += 1;
  return count;
}

export const askBrake: ShowPage = async (context) => {
  const { request, base, provisioning } = context;
  const { selection, isYes } = chosenOf(request.query);
  const count = await countOf(context, selection);
  const { onDeactivate } = provisioning.tenant.lifecycle;
  const will = isYes
    ? html`<p><strong>${counted(count, 'person')}</strong> go on within minutes: agents of those who leave are put out of service (onDeactivate: ${onDeactivate}), the others are changed. Up to ${counted(count * 3, 'call')} to SmartAssist. The brake opens for nobody else.</p>`
    : html`<p>The agents of <strong>${counted(count, 'person')}</strong> stay as they are, until their source or a rule says something new. No call is made.</p>`;
  const persons = 'persons' in selection ? selection.persons : [];
  return {
    title: isYes ? 'Release' : 'Discard',
    body: ask({
      action: `${base}/brake/decide`,
      will,
      button: `${isYes ? 'Release' : 'Discard'} ${counted(count, 'person')}`,
      cancel: href(base, 'brake'),
      hidden: {
        decision: isYes ? 'yes' : 'no',
        all: 'all' in selection ? 'yes' : undefined,
        count: String(count),
      },
      fields: html`${persons.map((each) => html`<input type="hidden" name="person" value="${each}">`)}`,
      isGrave: isYes,
      ...compact({
        typed: count > UNASKED ? { what: 'the number of people', of: String(count) } : undefined,
      }),
    }),
  };
};

export const decideBrake: ShowPage = async (context) => {
  const { request, services, provisioning, base } = context;
  const { selection, isYes } = chosenOf(request.form);
  const count = await countOf(context, selection);
  if (count > UNASKED) assertTyped(context, count);
  if ('all' in selection && request.form.get('count') !== String(count)) {
    throw new OperateError(
      'changed',
      `The brake holds ${counted(count, 'person')} by now; nothing was done. Look again.`,
    );
  }
  const decide = isYes ? releaseHeld : discardHeld;
  const decided = await decide(services, provisioning.name, selection, actorOf(context));
  const become = isYes ? `go on ${(await whenOf(context)).replace(/\.$/, '')}` : 'stay as they are';
  const said = html`<p>${counted(decided.count, 'person')} ${text(become, 400)}; ${decided.left} are held still.${decided.unknown.length === 0 ? '' : ` ${decided.unknown.length} were not held any more.`}</p>`;
  return {
    title: isYes ? 'Released' : 'Discarded',
    body: done(said, { back: href(base, 'brake'), audit: href(base, 'audit') }),
  };
};

function eventsOf(given: URLSearchParams): { ids: string[]; isYes: boolean } {
  const ids = given.getAll('event');
  const decision = given.get('decision');
  if (decision !== 'yes' && decision !== 'no') throw new OperateError('invalid', 'The decision is missing.');
  if (ids.length === 0) throw new OperateError('invalid', 'Nothing is selected; nothing was done.');
  return { ids, isYes: decision === 'yes' };
}

export const askConfirm: ShowPage = async ({ request, base }) => {
  const { ids, isYes } = eventsOf(request.query);
  const will = isYes
    ? html`<p><strong>${counted(ids.length, 'event')}</strong> will be taken for true, as if the source had signed what it said. The list says what that does to each.</p>`
    : html`<p><strong>${counted(ids.length, 'event')}</strong> will be let go of: nothing changes.</p>`;
  return {
    title: isYes ? 'Accept' : 'Discard',
    body: ask({
      action: `${base}/confirmations/decide`,
      will,
      button: `${isYes ? 'Accept' : 'Discard'} ${counted(ids.length, 'event')}`,
      cancel: href(base, 'brake'),
      hidden: { decision: isYes ? 'yes' : 'no' },
      fields: html`${ids.map((each) => html`<input type="hidden" name="event" value="${each}">`)}`,
      isGrave: isYes,
    }),
  };
};

export const decideConfirm: ShowPage = async (context) => {
  const { request, services, provisioning, base } = context;
  const { name, tenant } = provisioning;
  const { ids, isYes } = eventsOf(request.form);
  const links = { back: href(base, 'brake'), audit: href(base, 'audit') };
  if (!isYes) {
    const count = await discardConfirmations(services, name, ids, actorOf(context));
    return { title: 'Discarded', body: done(html`<p>${counted(count, 'event')} let go of.</p>`, links) };
  }
  const accepted = await acceptConfirmations(services, name, tenant, ids, actorOf(context));
  const outcomes = Map.groupBy(accepted, ({ outcome }) => outcome);
  const when = await whenOf(context);
  const said = [...outcomes].map(([outcome, { length }]) => {
    const begun = BEGUN[outcome];
    const words = begun === undefined ? `${OUTCOMES[outcome] ?? outcome}` : `${begun} ${when}`;
    return html`<li>${length}: ${text(words, 400)}</li>`;
  });
  return { title: 'Accepted', body: done(html`<ul>${said}</ul>`, links) };
};

/** What takes calls to SmartAssist, with when it is done behind it. */
const BEGUN: Readonly<Record<string, string>> = {
  stored: 'done',
  'group-stored': 'the group is changed, its members follow',
};

const OUTCOMES: Readonly<Record<string, string>> = {
  fetching: 'read from the source again within minutes',
  stale: 'the source has said something newer since: nothing changes',
  unchanged: 'is so already: nothing changes',
  nobody: 'nobody here is meant any more: nothing changes',
  invalid: 'can not be done, and goes on waiting',
  gone: 'no longer waits',
};
