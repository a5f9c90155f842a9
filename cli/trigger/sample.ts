import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../../functions/scim-core/resource/resource.ts';

/** What providers send, as they document it: the fixtures that the tests are made of. */
const FOLDER = join(import.meta.dirname, '../../test/fixtures/webhooks');

/** The same three are there of every provider; others are told by the names that they have in the fixture. */
const NAMES: Readonly<Record<string, string>> = {
  create: 'created',
  update: 'updated',
  leave: 'deactivated',
};
/** Members of a fixture that are no events. */
const NO_EVENTS = ['shape', 'headers', 'paths', 'contentType', 'person', 'fields', 'handshake'];

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

/** What a provider sends, by the name of its preset; undefined of those that send no webhook. */
export function samplesOf(preset: string): Samples | undefined {
  let fixture: Readonly<Record<string, unknown>>;
  try {
    // Where a preset leaves the form to its user, the fixture is of the example in the documentation.
    const file = preset === 'hmac' ? 'custom' : preset;
    fixture = JSON.parse(readFileSync(join(FOLDER, `${file}.json`), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const { shape, headers, paths, contentType = 'application/json' } = fixture;
  const samples = Object.entries(fixture).flatMap(([key, body]): Sample[] =>
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
