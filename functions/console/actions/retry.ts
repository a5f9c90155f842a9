import type { PersonRecord } from '../../directory/record.ts';
import { OperateError } from '../../operate/errors.ts';
import { everyPerson } from '../../operate/people/list.ts';
import { retryOutcome, retryPeople } from '../../operate/people/retry.ts';
import { selectPeople } from '../../operate/people/select.ts';
import { compact } from '../../runtime/compact.ts';
import type { PageContext, ShowPage } from '../page.ts';
import { filterOf, queryOf } from '../pages/people.ts';
import { ask, done } from '../view/ask.ts';
import { type Html, html, NOTHING } from '../view/html.ts';
import { href } from '../view/link.ts';
import { counted, text } from '../view/shown.ts';
import { actorOf, assertTyped, whenOf } from './actor.ts';

/** From more people on, their number has to be typed. */
const UNASKED = 20;
/** At once; a request has some seconds. The rest is retried with the next request. */
const MOST = 1_000;
const NAMED = 10;

interface Chosen {
  readonly records: readonly PersonRecord[];
  /** There are more than are retried at once. */
  readonly isCut: boolean;
}

/** Those named by `person`, or all that the filters let pass. */
async function choose({ services, provisioning }: PageContext, given: URLSearchParams): Promise<Chosen> {
  const names = given.getAll('person').slice(0, MOST);
  if (names.length > 0) {
    const { records } = await selectPeople(services, provisioning, { names });
    return { records, isCut: false };
  }
  const filter = filterOf(given);
  if (
    filter.state === undefined &&
    filter.reason === undefined &&
    filter.search === undefined &&
    filter.rule === undefined
  ) {
    throw new OperateError('invalid', 'Choose people first: by a state, a reason, a rule or a search.');
  }
  const records: PersonRecord[] = [];
  for await (const record of everyPerson(services, provisioning, filter)) {
    if (records.length === MOST) return { records, isCut: true };
    records.push(record);
  }
  return { records, isCut: false };
}

export const askRetry: ShowPage = async (context) => {
  const { request, base, now } = context;
  const { records, isCut } = await choose(context, request.query);
  const outcomes = Map.groupBy(records, (record) => retryOutcome(record, now));
  const due = outcomes.get('due') ?? [];
  const back = href(base, 'people', queryOf(filterOf(request.query)));
  if (due.length === 0) {
    const body = html`<div class="ask"><p>None of ${counted(records.length, 'person')} can be retried: ${explained(outcomes)}</p><p><a class="button" data-cancel href="${back}">Back</a></p></div>`;
    return { title: 'Retry', body };
  }
  const names = due.slice(0, NAMED).map(({ person }) => html`<li>${text(person.userName)}</li>`);
  const more = due.length - NAMED;
  const will = html`<p><strong>${counted(due.length, 'person')}</strong> will be due at once, and tried again as calls are free: about ${counted(due.length * 2, 'call')} to SmartAssist at the most.${isCut ? html` There are more; the first ${MOST} are retried now.` : NOTHING}</p>
<ul>${names}${more > 0 ? html`<li>and ${counted(more, 'other')}</li>` : NOTHING}</ul>${due.length < records.length ? html`<p>Left out: ${explained(outcomes)}</p>` : NOTHING}`;
  const persons = request.query.getAll('person');
  const fields = persons.map((each) => html`<input type="hidden" name="person" value="${each}">`);
  const body = ask({
    action: `${base}/people/retry`,
    will,
    button: `Retry ${counted(due.length, 'person')}`,
    cancel: back,
    hidden: persons.length > 0 ? {} : queryOf(filterOf(request.query)),
    fields: html`${fields}`,
    ...compact({
      typed: due.length > UNASKED ? { what: 'the number of people', of: String(due.length) } : undefined,
    }),
  });
  return { title: 'Retry', body };
};

const LEFT_OUT = {
  already: 'due already and not put off',
  held: 'held by the brake, which has to be decided about',
  changed: 'changed meanwhile',
  due: 'due now',
} as const;

function explained(outcomes: ReadonlyMap<keyof typeof LEFT_OUT, readonly unknown[]>): Html {
  const parts = [...outcomes].filter(([outcome]) => outcome !== 'due');
  if (parts.length === 0) return html`nobody is chosen.`;
  return html`${parts.map(([outcome, { length }]) => `${length} ${LEFT_OUT[outcome]}`).join('; ')}.`;
}

export const retry: ShowPage = async (context) => {
  const { request, services, provisioning, base, now } = context;
  const { records } = await choose(context, request.form);
  const due = records.filter((record) => retryOutcome(record, now) === 'due').length;
  if (due > UNASKED) assertTyped(context, due);
  const retried = await retryPeople(services, provisioning.name, records, actorOf(context));
  const outcomes = Map.groupBy(retried, ({ outcome }) => outcome);
  const count = outcomes.get('due')?.length ?? 0;
  const [first] = request.form.getAll('person');
  const only = request.form.getAll('person').length === 1 ? first : undefined;
  const said = html`<p>${counted(count, 'person')} ${count === 1 ? 'is' : 'are'} due now. Tried again ${text(await whenOf(context, 'as calls are free'), 400)}${count < retried.length ? html` Left as they are: ${explained(outcomes)}` : NOTHING}</p>`;
  const back =
    only === undefined
      ? href(base, 'people', queryOf(filterOf(request.form)))
      : href(base, `people/${encodeURIComponent(only)}`);
  return { title: 'Retried', body: done(said, { back, audit: href(base, 'audit') }) };
};
