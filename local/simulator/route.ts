import { decodeSegment } from '../../functions/runtime/path.ts';

/** The calls that SmartAssist takes, ids replaced: counters and faults go by these names. */
export const OPERATIONS = [
  'POST /agents',
  'GET /agents/{agentId}',
  'PUT /agents/{agentId}',
  'DELETE /agents/{agentId}',
  'GET /agents/customId/{customId}',
  'POST /agents/availability',
  'GET /organizations/{orgId}/agents',
  'GET /analytics/account/{accountId}/agents',
  'GET /agent-groups',
  'GET /agent-groups/{id}',
  'GET /skill-groups',
  'GET /skill-groups/{id}/skills',
  'GET /queues',
  'GET /roles',
  'DELETE /users',
] as const;

export type Operation = (typeof OPERATIONS)[number];

export interface Route {
  readonly operation: Operation;
  /** What stood in the place of the operation's parameter; empty when it has none. */
  readonly id: string;
}

/** Roles and account users belong to the Admin Console, so they live under another base path than the rest. */
const ADMIN: readonly Operation[] = ['GET /roles', 'DELETE /users'];
const ADMIN_BASE = '/api/public';

/** Analytics belong to the account: their base path has no stream. */
const ANALYTICS_BASE = '/agentassist/api/public';
const isAnalytics = (path: string) => path.startsWith('/analytics/');

const patterns = OPERATIONS.filter((operation) => !ADMIN.includes(operation)).map((operation) => {
  const [method = '', path = ''] = operation.split(' ');
  return { operation, method, path: new RegExp(`^${path.replace(/\{\w+\}/, '([^/]+)')}$`) };
});

/** The operation that a method and a path (without query) stand for, or undefined when there is none. */
export function routeOf(method: string, path: string, streamId: string): Route | undefined {
  const admin = ADMIN.find((operation) => operation === `${method} ${path.slice(ADMIN_BASE.length)}`);
  if (admin !== undefined && path.startsWith(`${ADMIN_BASE}/`)) return { operation: admin, id: '' };
  const base = path.startsWith(`${ANALYTICS_BASE}/`)
    ? ANALYTICS_BASE
    : `/agentassist/api/v1/public/${streamId}`;
  if (!path.startsWith(`${base}/`)) return undefined;
  const rest = path.slice(base.length);
  if (isAnalytics(rest) !== (base === ANALYTICS_BASE)) return undefined;
  for (const pattern of patterns) {
    const match = pattern.method === method ? pattern.path.exec(rest) : null;
    if (match !== null) return { operation: pattern.operation, id: decodeSegment(match[1] ?? '') };
  }
  return undefined;
}
