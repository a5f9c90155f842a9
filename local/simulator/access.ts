import type { Operation } from './route.ts';

/** The bot app is made in App Settings, the admin app in the Admin Console: two kinds of app, for two kinds of API. */
export const APPS = ['bot', 'admin'] as const;
export type App = (typeof APPS)[number];

/** The API scopes that the operations take. */
export const SCOPES = [
  'SmartAssist Analytics',
  'Configuration',
  'WFM Integration',
  'Role Management',
  'User Management',
] as const;
export type Scope = (typeof SCOPES)[number];

const analytics = { app: 'bot', scope: 'SmartAssist Analytics' } as const;
const configuration = { app: 'bot', scope: 'Configuration' } as const;

/** Which app and which scope each operation takes, as its page says. */
export const ACCESS: Readonly<Record<Operation, { readonly app: App; readonly scope: Scope }>> = {
  'POST /agents': analytics,
  'GET /agents/{agentId}': analytics,
  'PUT /agents/{agentId}': analytics,
  'DELETE /agents/{agentId}': analytics,
  'GET /agents/customId/{customId}': configuration,
  'POST /agents/availability': configuration,
  'GET /organizations/{orgId}/agents': analytics,
  'GET /analytics/account/{accountId}/agents': { app: 'bot', scope: 'WFM Integration' },
  'GET /agent-groups': configuration,
  'GET /agent-groups/{id}': analytics,
  'GET /skill-groups': analytics,
  'GET /skill-groups/{id}/skills': analytics,
  'GET /queues': configuration,
  // The page's name for it is Profile Management > Role Management.
  'GET /roles': { app: 'admin', scope: 'Role Management' },
  // User Management > User Management.
  'DELETE /users': { app: 'admin', scope: 'User Management' },
};
