/** The object without the members that have no value, as optional members want it. */
export function compact<T extends Readonly<Record<string, unknown>>>(
  values: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const result: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const name of Object.keys(values) as (keyof T)[]) {
    const value = values[name];
    if (value !== undefined && name !== '__proto__')
      result[name] = value as Exclude<T[typeof name], undefined>;
  }
  return result;
}
