import { type Html, html, NOTHING } from './html.ts';

/** What is asked before something is done: what it will do, to how many, and why. */
export interface Ask {
  readonly action: string;
  /** What it will do, in sentences. */
  readonly will: Html;
  readonly button: string;
  readonly cancel: string;
  /** What goes with the form. */
  readonly hidden?: Readonly<Record<string, string | undefined>>;
  /** Further fields. */
  readonly fields?: Html;
  /** Has to be typed: the number of people, or a name. */
  readonly typed?: { readonly what: string; readonly of: string };
  readonly isGrave?: boolean;
}

export function ask({
  action,
  will,
  button,
  cancel,
  hidden = {},
  fields = NOTHING,
  typed,
  isGrave,
}: Ask): Html {
  const values = Object.entries(hidden).filter(([, each]) => each !== undefined && each !== '');
  return html`<form class="ask" method="post" action="${action}">${values.map(([name, each]) => html`<input type="hidden" name="${name}" value="${each}">`)}
${will}${fields}
${typed === undefined ? NOTHING : html`<p class="field"><label for="typed">Type ${typed.what} to go on: <strong>${typed.of}</strong></label><input id="typed" name="typed" required autocomplete="off"></p>`}
<p class="field"><label for="reason">Why, for the audit (may stay empty)</label><input id="reason" name="reason" maxlength="200" autocomplete="off"></p>
<div class="buttons"><button class="${isGrave ? 'grave' : 'main'}">${button}</button> <a class="button" data-cancel href="${cancel}">Cancel</a></div></form>`;
}

/** What was done, and where it is found later. */
export function done(said: Html, { back, audit }: { readonly back: string; readonly audit?: string }): Html {
  return html`<div class="notice green" role="status">${said}</div><p><a href="${back}">Back</a>${audit === undefined ? NOTHING : html` · <a href="${audit}">Find it in the audit</a>`}</p>`;
}
