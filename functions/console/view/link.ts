/** An address below the console, with what is said in its query; what is undefined or empty is left out. */
export function href(
  base: string,
  path: string,
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') params.set(name, value);
  }
  const tail = params.size === 0 ? '' : `?${params}`;
  return `${base}${path === '' ? '' : `/${path}`}${tail}`;
}

/** The address of a person's page. */
export function personPath(id: string): string {
  return `people/${encodeURIComponent(id)}`;
}
