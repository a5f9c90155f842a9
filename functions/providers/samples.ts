import { isObject } from '../scim-core/resource/resource.ts';
import type { SourcePreset } from '../tenant/sources.ts';

/** The same three are there of every provider; others are told by the names that they have in the file. */
const NAMES: Readonly<Record<string, string>> = {
  create: 'created',
  update: 'updated',
  leave: 'deactivated',
};
/** Members of a file that are no events. */
const NO_EVENTS = ['shape', 'headers', 'paths', 'contentType', 'person', 'fields', 'handshake'];

/** What a provider sends, as it documents it: files in `samples/`, of which the tests are made as well. */
export interface Sample {
  /** `created`, `updated`, `deactivated`, … */
  readonly name: string;
  readonly body: string;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Behind the source's address, where the provider has one address an event. */
  readonly path: string;
}

export interface Samples {
  /** Where the shape is documented. */
  readonly shape: string;
  readonly samples: readonly Sample[];
}

const WITHOUT: readonly string[] = ['security-events', 'scim-server', 'file', 'cognito'];

/** Whether a preset has a webhook, known without loading it. */
export function hasWebhook(preset: string): boolean {
  return !WITHOUT.includes(preset);
}

/** What a provider sends, by the name of its preset; undefined of those that send no webhook. */
export async function samplesOf(preset: SourcePreset): Promise<Samples | undefined> {
  if (!hasWebhook(preset)) return undefined;
  // Where a preset leaves the form to its user, the sample is of the example in the documentation.
  const file = preset === 'hmac' ? 'custom' : preset;
  const loaded = await import(`./samples/${file}.json`, { with: { type: 'json' } });
  const sample: Readonly<Record<string, unknown>> = loaded.default;
  const { shape, headers, paths, contentType = 'application/json' } = sample;
  const samples = Object.entries(sample).flatMap(([key, body]): Sample[] =>
    NO_EVENTS.includes(key)
      ? []
      : [
          {
            name: NAMES[key] ?? key,
            body: typeof body === 'string' ? body : JSON.stringify(body),
            contentType: String(contentType),
            headers: textsIn(isObject(headers) ? headers[key] : undefined),
            path: isObject(paths) ? String(paths[key] ?? '') : '',
          },
        ],
  );
  return { shape: String(shape), samples };
}

function textsIn(value: unknown): Record<string, string> {
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]))
    : {};
}
