import { compact } from '../runtime/compact.ts';
import type { Route } from './page.ts';
import type { Role } from './session/role.ts';

const pages = {
  now: async () => (await import('./pages/now.ts')).now,
  people: () => import('./pages/people.ts'),
  person: async () => (await import('./pages/person.ts')).person,
  failures: () => import('./pages/failures.ts'),
  brake: () => import('./pages/brake.ts'),
  mapping: () => import('./pages/mapping/mapping.ts'),
  editMapping: async () => (await import('./pages/mapping/edit.ts')).editMapping,
  planOfMapping: async () => (await import('./pages/mapping/plan.ts')).plan,
  tryPerson: () => import('./pages/mapping/try.ts'),
  sources: async () => (await import('./pages/sources/sources.ts')).sources,
  source: async () => (await import('./pages/sources/source.ts')).source,
  tryEvent: () => import('./pages/sources/try.ts'),
  setUp: async () => (await import('./pages/setup.ts')).setUp,
  reconciliation: () => import('./pages/reconciliation.ts'),
  audit: () => import('./pages/audit.ts'),
};
const actions = {
  adopt: () => import('./actions/adopt.ts'),
  retry: () => import('./actions/retry.ts'),
  provision: () => import('./actions/provision.ts'),
  person: () => import('./actions/person.ts'),
  brake: () => import('./actions/brake.ts'),
  mapping: () => import('./actions/mapping.ts'),
  reconciliation: () => import('./actions/reconciliation.ts'),
  tenant: () => import('./actions/tenant.ts'),
  token: () => import('./actions/token.ts'),
};

const page = (path: string, load: Route['load'], role: Role = 'viewer'): Route => ({
  method: 'GET',
  path,
  role,
  load,
});

/** What is done from a page that has said before what it does. */
const write = (path: string, load: Route['load']): Route => ({
  method: 'POST',
  path,
  role: 'operator',
  load,
});

/** An action has two addresses in one: the page that says what it will do, and what does it. */
const action = (
  path: string,
  ask: Route['load'],
  perform: Route['load'],
  role: Role = 'operator',
  isGrave?: true,
): Route[] => [
  { method: 'GET', path, role, load: ask, ...compact({ isGrave }) },
  { method: 'POST', path, role, load: perform, ...compact({ isGrave }) },
];

const ROUTES: readonly Route[] = [
  page('', pages.now),
  page('people', async () => (await pages.people()).people),
  page('people.csv', async () => (await pages.people()).peopleCsv),
  ...action(
    'people/retry',
    async () => (await actions.retry()).askRetry,
    async () => (await actions.retry()).retry,
  ),
  page('people/:id', pages.person),
  ...action(
    'people/:id/provision',
    async () => (await actions.provision()).askProvision,
    async () => (await actions.provision()).provision,
  ),
  ...action(
    'people/:id/export',
    async () => (await actions.person()).askExport,
    async () => (await actions.person()).exportOne,
  ),
  ...action(
    'people/:id/erase',
    async () => (await actions.person()).askErase,
    async () => (await actions.person()).erase,
    'admin',
    true,
  ),
  page('failures', async () => (await pages.failures()).failures),
  page('failures.csv', async () => (await pages.failures()).failuresCsv),
  page('brake', async () => (await pages.brake()).brake),
  page('brake.csv', async () => (await pages.brake()).brakeCsv),
  ...action(
    'brake/decide',
    async () => (await actions.brake()).askBrake,
    async () => (await actions.brake()).decideBrake,
  ),
  ...action(
    'confirmations/decide',
    async () => (await actions.brake()).askConfirm,
    async () => (await actions.brake()).decideConfirm,
  ),
  ...action(
    'reconciliation/adopt',
    async () => (await actions.adopt()).askAdopt,
    async () => (await actions.adopt()).adopt,
  ),
  page('mapping', async () => (await pages.mapping()).mapping),
  page('mapping.csv', async () => (await pages.mapping()).mappingCsv),
  page('mapping.yaml', async () => (await pages.mapping()).mappingYaml),
  page('mapping/edit', pages.editMapping, 'operator'),
  write('mapping/check', async () => (await actions.mapping()).checkMapping),
  ...action(
    'mapping/try',
    async () => (await pages.tryPerson()).askTry,
    async () => (await pages.tryPerson()).tryPerson,
    'viewer',
  ),
  ...action(
    'mapping/back/:number',
    async () => (await actions.mapping()).askBack,
    async () => (await actions.mapping()).planBack,
  ),
  page('mapping/plan/:draft', pages.planOfMapping),
  write('mapping/plan/:draft', async () => (await actions.mapping()).goOn),
  ...action(
    'mapping/plan/:draft/activate',
    async () => (await actions.mapping()).askActivate,
    async () => (await actions.mapping()).activate,
    'admin',
  ),
  page('sources', pages.sources),
  page('sources/:name', pages.source),
  ...action(
    'sources/:name/try-event',
    async () => (await pages.tryEvent()).askTryEvent,
    async () => (await pages.tryEvent()).showTryEvent,
    'viewer',
  ),
  ...action(
    'sources/:name/:action',
    async () => (await actions.tenant()).askSource,
    async () => (await actions.tenant()).actOnSource,
  ),
  page('reconciliation', async () => (await pages.reconciliation()).reconciliation),
  page('reconciliation.csv', async () => (await pages.reconciliation()).reconciliationCsv),
  ...action(
    'reconciliation/start',
    async () => (await actions.reconciliation()).askStart,
    async () => (await actions.reconciliation()).start,
  ),
  ...action(
    'reconciliation/decide',
    async () => (await actions.reconciliation()).askDecide,
    async () => (await actions.reconciliation()).decide,
  ),
  page('set-up', pages.setUp),
  ...action(
    'set-up/token',
    async () => (await actions.token()).askToken,
    async () => (await actions.token()).makeToken,
    'admin',
    true,
  ),
  page('audit', async () => (await pages.audit()).audit),
  page('audit.csv', async () => (await pages.audit()).auditCsv),
  ...action(
    'pause',
    async () => (await actions.tenant()).askPause,
    async () => (await actions.tenant()).pause,
  ),
  ...action(
    'resume',
    async () => (await actions.tenant()).askResume,
    async () => (await actions.tenant()).resume,
  ),
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
