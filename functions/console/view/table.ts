import { type Html, html, NOTHING } from './html.ts';

/** One column of a list. */
export interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => Html;
  /** `name`, `why`, `number` */
  readonly kind?: string;
}

/** A list as a table, which on a narrow screen is one block a row. */
export function table<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): Html {
  const head = columns.map(({ name, kind = '' }) => html`<th scope="col" class="${kind}">${name}</th>`);
  const body = rows.map(
    (row) =>
      html`<tr>${columns.map(({ name, cell, kind = '' }) => html`<td class="${kind}" data-label="${name}">${cell(row)}</td>`)}</tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="stack"><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** Links to the first and the next page of a list; a cursor keeps its place while the list changes. */
export function paging(first: string | undefined, next: string | undefined): Html {
  if (first === undefined && next === undefined) return NOTHING;
  return html`<nav class="pages" aria-label="Pages of the list">${first === undefined ? NOTHING : html`<a href="${first}">First page</a>`}${next === undefined ? NOTHING : html`<a href="${next}" rel="next">Next page</a>`}</nav>`;
}
