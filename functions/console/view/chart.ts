import { type Html, html, NOTHING } from './html.ts';

const WIDTH = 300;
const HEIGHT = 72;
const GAP = 2;

export interface Bar {
  /** Under the bar. */
  readonly label: string;
  readonly value: number;
}

/** Bars as a picture made here, with the numbers beside it for readers who don't see it. */
export function chart(caption: string, bars: readonly Bar[], limit?: number): Html {
  const most = Math.max(1, limit ?? 0, ...bars.map(({ value }) => value));
  const width = WIDTH / Math.max(1, bars.length);
  const heightOf = (value: number) => Math.round((value / most) * (HEIGHT - 4));
  const shapes = bars.map(({ value }, index) => {
    const height = heightOf(value);
    return html`<rect x="${(index * width + GAP / 2).toFixed(1)}" y="${HEIGHT - height}" width="${(width - GAP).toFixed(1)}" height="${height}"/>`;
  });
  const y = limit === undefined ? 0 : HEIGHT - heightOf(limit);
  const line = limit === undefined ? NOTHING : html`<line x1="0" x2="${WIDTH}" y1="${y}" y2="${y}"/>`;
  const said = bars.map(({ label, value }) => `${label}: ${value}`).join('; ');
  const axis =
    bars.length < 2
      ? NOTHING
      : html`<div class="axis" aria-hidden="true">${bars.map(({ label }) => html`<span>${label}</span>`)}</div>`;
  return html`<figure><svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${caption}. ${said}">${shapes}${line}</svg>${axis}<figcaption>${caption}</figcaption></figure>`;
}
