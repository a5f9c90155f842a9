import type { Item } from '../../events/event.ts';
import { jsonView } from '../../events/json-view.ts';
import type { SourceSettings } from '../../tenant/sources.ts';
import { parseBody } from '../parse.ts';
import type { WebhookProvider } from '../provider.ts';

/** A request as a provider documents it, without its proof. */
export interface Unproven {
  readonly body: string;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Behind the source's address, where the provider has one address an event. */
  readonly path: string;
}

/** What the product reads from a request. */
export async function itemsIn(
  { body: text, contentType, headers, path }: Unproven,
  provider: WebhookProvider,
  settings: SourceSettings,
): Promise<readonly Item[]> {
  const body = await parseBody(Buffer.from(text), contentType, provider.format);
  const subtype = path === '' ? undefined : path.slice(1);
  return provider.read({ body: jsonView(body), headers, subtype, settings });
}
