import { type Explanation, originLabel } from '../../mapping/desired/explain.ts';
import { type Explained, namingOf } from '../../operate/people/explanation.ts';
import type { Catalogue } from '../../smartassist/catalogue.ts';
import { type Html, html, NOTHING } from './html.ts';
import { text, value } from './shown.ts';
import { table } from './table.ts';

/** Why an agent looks as it does: the rules, what stands in its way, and each field with what gave it. */
export function whyOf(explained: Explained, catalogue: Catalogue | undefined, isDeleted: boolean): Html {
  const { wanted, rules, stoppedBy, problems, warnings, fields } = explained;
  const notices = [
    ...problems.map((each) => ['Problem', each] as const),
    ...warnings.map((each) => ['Warning', each] as const),
  ];
  return html`${wanted ? NOTHING : html`<p class="notice amber">Not to be an agent: ${isDeleted ? 'the source deleted the person. Without that:' : 'provisionWhen says no. If it said yes:'}</p>`}
<p>Rules: ${rules.length === 0 ? 'none' : rules.map((rule, i) => html`${i > 0 ? ', ' : ''}${text(rule)}`)}${stoppedBy === undefined ? NOTHING : html` (${text(stoppedBy)} ends with stop)`}</p>
${notices.map(([kind, each]) => html`<p class="notice ${kind === 'Problem' ? 'red' : 'amber'}">${kind}: ${text(each, 600)}</p>`)}
${fieldTable(fields.map(namingOf(catalogue)))}`;
}

function fieldTable(fields: readonly Explanation[]): Html {
  const from = (origins: Explanation['origins']) => text(origins.map(originLabel).join(', '), 300);
  return table(
    'Fields of the agent, with what gave them',
    [
      { name: 'Field', cell: ({ field }) => html`<code>${text(field)}</code>` },
      {
        name: 'Value',
        kind: 'why',
        cell: (each) =>
          isPrivate(each.field)
            ? html`<span class="quiet">not shown</span>`
            : each.entries === undefined
              ? value(each.value)
              : html`${each.entries.map(({ entry }) => html`<ins>${value(entry)}</ins>`)}`,
      },
      {
        name: 'From',
        kind: 'why',
        cell: ({ entries, origins, replaced, field }) =>
          html`${entries === undefined ? from(origins) : entries.map(({ origins: own }) => html`<div>${from(own)}</div>`)}${replaced.map((each) => html`<del>${isPrivate(field) ? NOTHING : value(each.value)} ← ${from(each.origins)}</del>`)}`,
      },
    ],
    fields,
  );
}

/** Phone numbers are in no page: a page may be looked at by more people than the person's record. */
export function isPrivate(field: string): boolean {
  return /phone/i.test(field);
}
