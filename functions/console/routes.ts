import type { Route } from './page.ts';

const ROUTES: readonly Route[] = [
  { method: 'GET', path: '', role: 'viewer', load: async () => (await import('./pages/now.ts')).now },
  {
    method: 'GET',
    path: 'people',
    role: 'viewer',
    load: async () => (await import('./pages/people.ts')).people,
  },
  {
    method: 'GET',
    path: 'people.csv',
    role: 'viewer',
    load: async () => (await import('./pages/people.ts')).peopleCsv,
  },
  {
    method: 'GET',
    path: 'people/retry',
    role: 'operator',
    load: async () => (await import('./actions/retry.ts')).askRetry,
  },
  {
    method: 'POST',
    path: 'people/retry',
    role: 'operator',
    load: async () => (await import('./actions/retry.ts')).retry,
  },
  {
    method: 'GET',
    path: 'people/:id',
    role: 'viewer',
    load: async () => (await import('./pages/person.ts')).person,
  },
  {
    method: 'GET',
    path: 'people/:id/provision',
    role: 'operator',
    load: async () => (await import('./actions/provision.ts')).askProvision,
  },
  {
    method: 'POST',
    path: 'people/:id/provision',
    role: 'operator',
    load: async () => (await import('./actions/provision.ts')).provision,
  },
];

export interface Found {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** The first route that fits: what is written out stands before what is left open. */
export function findRoute(method: Route['method'], segments: readonly string[]): Found | undefined {
  for (const route of ROUTES) {
    const params = route.method === method ? paramsOf(route.path, segments) : undefined;
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

/** Whether anything is at the address, by whatever method. */
export function isAddress(segments: readonly string[]): boolean {
  return ROUTES.some(({ path }) => paramsOf(path, segments) !== undefined);
}

function paramsOf(path: string, segments: readonly string[]): Record<string, string> | undefined {
  const parts = path === '' ? [] : path.split('/');
  if (parts.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = segment;
    else if (part !== segment) return undefined;
  }
  return params;
}
