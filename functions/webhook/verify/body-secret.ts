import { jsonView } from '../../events/json-view.ts';
import { parseJson } from '../parse.ts';
import { Rejection, type RejectionCode } from '../rejection.ts';
import type { WebhookRequest } from '../request.ts';
import type { Shape } from '../shape.ts';
import { positionOf } from './equal.ts';
import type { Terms, Verdict } from './verifier.ts';

/** What is looked at before it is proven: a batch of 1,000 items, each of a few dozen values. */
const UNPROVEN: Shape = { depth: 20, values: 50_000, width: 1_000 };

/**
 * Verifies a secret that each item of the body carries, as Microsoft Graph's `clientState`. One request may mix
 * subscriptions, so an item with a wrong secret is dropped and the others are taken.
 */
export function verifyBodySecret(
  { items: list, path }: { readonly items: string; readonly path: string },
  { body }: WebhookRequest,
  { secrets }: Terms,
): Verdict {
  const known = secrets.filter((secret) => secret.trim() !== '');
  if (known.length === 0) return refused('no-secret', 'No secret is stored for this source.');
  const given = jsonView(parseJson(body, UNPROVEN)).list(list);
  if (given.length === 0) return refused('no-signature', `The body has no items in "${list}".`);
  const items = new Set<number>();
  let secret = -1;
  given.forEach((item, index) => {
    const position = positionOf(item.text(path) ?? '', known);
    if (position === -1) return;
    items.add(index);
    secret = position;
  });
  if (items.size === 0) return refused('bad-signature', `No item has the right "${path}".`);
  return { ok: true, trust: 'caller', secret, items };
}

const refused = (code: RejectionCode, message: string): Verdict => ({
  ok: false,
  rejection: new Rejection(code, message),
});
