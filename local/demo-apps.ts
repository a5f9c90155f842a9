import { EnvironmentError } from './source-secrets.ts';

/** Credentials of one of SmartAssist's apps. */
export interface AppCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The demo tenant's bot app in the simulator. */
export const DEMO_CLIENT: AppCredentials = { clientId: 'cs-demo', clientSecret: 'demo-client-secret' };
/** The demo account's app of the Admin Console. */
export const DEMO_ADMIN: AppCredentials = {
  clientId: 'cs-demo-admin',
  clientSecret: 'demo-admin-client-secret',
};

/** The apps as the environment has them; without a word about any: the simulator's. */
export interface Apps {
  readonly client: AppCredentials;
  /** The app of the Admin Console, null where there is none. */
  readonly admin: AppCredentials | null;
}

type Variable =
  | 'SMARTASSIST_CLIENT_ID'
  | 'SMARTASSIST_CLIENT_SECRET'
  | 'SMARTASSIST_ADMIN_CLIENT_ID'
  | 'SMARTASSIST_ADMIN_CLIENT_SECRET';
type AppsEnvironment = { readonly [V in Variable]?: string | undefined };

/** @throws EnvironmentError where an id is given without its secret */
export function readApps({
  SMARTASSIST_CLIENT_ID: id,
  SMARTASSIST_CLIENT_SECRET: secret,
  SMARTASSIST_ADMIN_CLIENT_ID: adminId,
  SMARTASSIST_ADMIN_CLIENT_SECRET: adminSecret,
}: AppsEnvironment): Apps {
  const client = { clientId: id ?? DEMO_CLIENT.clientId, clientSecret: secret ?? DEMO_CLIENT.clientSecret };
  // A bot app of the caller's own has no admin app unless one is named; empty values name none.
  const isDemo = id === undefined && adminId === undefined && adminSecret === undefined;
  if (isDemo) return { client, admin: DEMO_ADMIN };
  const admin = { clientId: adminId ?? '', clientSecret: adminSecret ?? '' };
  if (admin.clientId === '' && admin.clientSecret === '') return { client, admin: null };
  if (admin.clientId !== '' && admin.clientSecret !== '') return { client, admin };
  throw new EnvironmentError(
    'SMARTASSIST_ADMIN_CLIENT_ID and SMARTASSIST_ADMIN_CLIENT_SECRET belong together: give both, or leave both empty',
  );
}
