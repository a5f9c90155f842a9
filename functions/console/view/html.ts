import { html } from 'hono/html';

export { html };

/** Markup that is escaped already. */
export type Html = ReturnType<typeof html>;

export const NOTHING = html``;
