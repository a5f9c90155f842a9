import type { SourceView } from '../../../operate/sources.ts';
import { type Html, html } from '../../view/html.ts';
import { type Colour, mark, text } from '../../view/shown.ts';

function conditionOf({ state, sync }: SourceView): readonly [Colour, string] {
  if (state.paused !== undefined) return ['red', `paused: ${state.paused.reason}`];
  if (state.silentSince !== undefined) return ['amber', 'silent'];
  if (sync.problem !== undefined) return ['amber', `its reading failed: ${sync.problem.reason}`];
  if (state.heardAt === undefined && sync.complete === undefined) return ['amber', 'not heard yet'];
  return ['green', state.heardAt === undefined ? 'read' : 'heard'];
}

/** How a source fares, in a few words. */
export function condition(view: SourceView): Html {
  const [colour, words] = conditionOf(view);
  return html`${mark(colour)} ${text(words, 300)}`;
}
