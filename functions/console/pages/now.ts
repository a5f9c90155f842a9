import { type Attention, attentionTo, partsOf } from '../../operate/tenant/attention.ts';
import { type Overview, type Queue, readOverview } from '../../operate/tenant/overview.ts';
import type { PageContext, ShowPage } from '../page.ts';
import { may } from '../session/role.ts';
import { chart } from '../view/chart.ts';
import { type Html, html, NOTHING } from '../view/html.ts';
import { href } from '../view/link.ts';
import { duration, mark, text, time } from '../view/shown.ts';

/** What wants an operator, and how things are. */
export const now: ShowPage = async (context) => {
  const overview = await readOverview(context.provisioning, context.services);
  const items = attentionTo(overview);
  return {
    title: 'Now',
    body: html`
<div id="now" data-live="15">
<section aria-labelledby="attention"><h2 id="attention">Needs a person</h2>
${items.length === 0 ? html`<p>${mark('green')} Nothing. People become agents by themselves; <a href="${href(context.base, 'people')}">all people</a> shows how each stands.</p>` : html`<ul class="items">${items.map((each) => attentionItem(context, each))}</ul>`}
</section>
<section aria-labelledby="counts"><h2 id="counts">People</h2>${counts(context, overview)}</section>
<div class="columns">
<section aria-labelledby="parts"><h2 id="parts">Parts of the system</h2>
<dl>${partsOf(overview).map(({ name, colour, sentence }) => html`<dt>${mark(colour)} ${text(name)}</dt><dd>${text(sentence, 300)}</dd>`)}</dl></section>
<section aria-labelledby="flow"><h2 id="flow">Waiting and calls</h2><div class="charts">${charts(context, overview)}</div></section>
</div>
</div>${pauseLink(context, overview)}`,
  };
};

function attentionItem(
  context: PageContext,
  { colour, what, cause, words, remedy, since, place }: Attention,
): Html {
  const { to, label, isAsked } = placeOf(context, place);
  return html`<li class="${colour}">${mark(colour)}<div><h3>${text(what)}</h3>
<p>${text(cause, 400)}${since === undefined ? NOTHING : html` <span class="quiet">Since ${time(since)}.</span>`}</p>
${words === undefined ? NOTHING : html`<blockquote>${text(words, 500)}</blockquote>`}
${remedy === undefined ? NOTHING : html`<p>${text(remedy, 400)}</p>`}</div>
<a class="button do" href="${to}"${isAsked === true ? html` data-dialog` : NOTHING}>${label}</a></li>`;
}

/** Where an item is dealt with, and what the button there says. */
function placeOf(
  { base, session }: PageContext,
  place: Attention['place'],
): { to: string; label: string; isAsked?: true } {
  switch (place.is) {
    case 'failures':
      return { to: `${href(base, 'failures')}#${place.reason}`, label: 'See and retry' };
    case 'brake':
      return { to: href(base, 'brake'), label: 'Decide' };
    case 'confirmations':
      return { to: `${href(base, 'brake')}#confirm`, label: 'Decide' };
    case 'source':
      return { to: href(base, `sources/${encodeURIComponent(place.source)}`), label: 'See the source' };
    case 'reconciliation':
      return { to: href(base, 'reconciliation'), label: 'See and repair' };
    case 'resume':
      return may(session.role, 'operator')
        ? { to: href(base, 'resume'), label: 'Resume', isAsked: true }
        : { to: href(base, 'audit'), label: 'See the audit' };
    case 'waiting':
      return { to: href(base, 'people', { state: 'waiting', reason: place.reason }), label: 'See who waits' };
    case 'queue':
      return { to: href(base, 'people', { state: 'due', reason: place.reason }), label: 'See who waits' };
  }
}

const STATES = [
  ['failed', 'failed'],
  ['held', 'held by the brake'],
  ['waiting', 'not to be agents'],
  ['suspended', 'out of service'],
  ['removed', 'removed'],
] as const;

function counts({ base }: PageContext, { persons, agents, states, queue }: Overview): Html {
  const card = (count: string, name: string, state?: string) =>
    html`<li><a href="${href(base, 'people', { state })}"><b>${count}</b><span>${name}</span></a></li>`;
  const waiting = queue.count >= queue.most ? `${queue.most} or more` : String(queue.count);
  return html`<ul class="cards">${card(persons.toLocaleString('en'), persons === 1 ? 'person' : 'people')}${card(agents.toLocaleString('en'), agents === 1 ? 'agent in service' : 'agents in service', 'provisioned')}${card(waiting, 'waiting for a call', 'due')}${STATES.map(([state, name]) => card(states[state].toLocaleString('en'), name, state))}</ul>`;
}

const STEPS = [
  ['< 10 s', 10_000],
  ['< 1 min', 60_000],
  ['< 5 min', 300_000],
  ['< 30 min', 1_800_000],
  ['longer', Number.POSITIVE_INFINITY],
] as const;

function charts(_: PageContext, { queue, budgetUse }: Overview): Html {
  return html`${waitingChart('People who join', queue.joiners)}${waitingChart('Back-fill', queue.backfill)}
${chart(`Calls of the last minute: ${Math.round(budgetUse)} % of those allowed`, [{ label: 'used, percent', value: Math.round(budgetUse) }], 100)}`;
}

function waitingChart(name: string, waited: Queue['joiners']): Html {
  if (waited.length === 0) return html`<figure><p>${name}: none waits.</p></figure>`;
  let from = 0;
  const bars = STEPS.map(([label, to]) => {
    const value = waited.filter((each) => each >= from && each < to).length;
    from = to;
    return { label, value };
  });
  return chart(`${name}: ${waited.length} wait, the longest ${duration(Math.max(...waited))}`, bars);
}

function pauseLink({ base, session }: PageContext, { pause }: Overview): Html {
  if (pause !== undefined || !may(session.role, 'operator')) return NOTHING;
  return html`<p><a class="button small" data-dialog href="${href(base, 'pause')}">Pause all calls to SmartAssist</a></p>`;
}
