import { assertDepth } from './bounds.ts';

/** The object or list that a string holds in JSON, `undefined` for any other text. Throws as `assertDepth` does. */
export function fromJson(text: string): object | undefined {
  const json = parsedJson(text);
  if (json !== undefined) assertDepth(json);
  return json;
}

/** As `fromJson`, for what is read no deeper than its own members. */
export function parsedJson(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
