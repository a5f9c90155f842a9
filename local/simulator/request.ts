import type * as z from 'zod';
import { Rejection } from './answer.ts';

/** A call as it reaches the simulator: `url` is the path with its query, header names are in lower case. */
export interface SimulatorRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** The path alone. Not through `URL`, which throws at paths such as `//` that a caller may well send. */
export function pathOf({ url }: SimulatorRequest): string {
  return url.split('?', 1)[0] ?? '';
}

export function queryOf(request: SimulatorRequest): URLSearchParams {
  return new URLSearchParams(request.url.slice(pathOf(request).length));
}

/** Text to the schema's type, or a 400 that names the field of each issue. */
export function read<T extends z.ZodType>(text: string, schema: T): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Rejection(400, 'body: must be JSON');
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Rejection(
    400,
    result.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `${fieldOf([...issue.path, key])}: is not accepted`)
        : [`${fieldOf(issue.path)}: ${issue.message}`],
    ),
  );
}

function fieldOf(path: readonly PropertyKey[]): string {
  const parts = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return parts.join('').replace(/^\./, '') || 'body';
}
