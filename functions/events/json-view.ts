/**
 * A look into what a provider sent: anything can stand anywhere in it, so each reading names the type that it wants and
 * gives undefined for everything else. Paths are names with dots between.
 */
export interface JsonView {
  readonly value: unknown;
  at(path: string): JsonView;
  /** Text that isn't blank; a number as its digits. */
  text(path: string): string | undefined;
  /** true or false, also as a word. */
  flag(path: string): boolean | undefined;
  number(path: string): number | undefined;
  /** The elements of an array; none where there is no array. */
  list(path: string): JsonView[];
  /** Whether something that isn't null stands there. */
  has(path: string): boolean;
}

export function jsonView(value: unknown): JsonView {
  const find = (path: string): unknown => {
    let found = value;
    if (path === '') return found;
    for (const name of path.split('.')) {
      if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
      found = (found as Readonly<Record<string, unknown>>)[name];
    }
    return found;
  };
  return {
    value,
    at: (path) => jsonView(find(path)),
    text: (path) => textOf(find(path)),
    flag: (path) => flagOf(find(path)),
    number: (path) => {
      const found = find(path);
      return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
    },
    list: (path) => {
      const found = find(path);
      return Array.isArray(found) ? found.map(jsonView) : [];
    },
    has: (path) => {
      const found = find(path);
      return found !== undefined && found !== null;
    },
  };
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  if (/^true$/i.test(value)) return true;
  return /^false$/i.test(value) ? false : undefined;
}
