import type { Bug } from './bug.ts';
import { console_ } from './bugs/console.ts';
import { directory } from './bugs/directory.ts';
import { events } from './bugs/events.ts';
import { lambda } from './bugs/lambda.ts';
import { mapping } from './bugs/mapping.ts';
import { operate } from './bugs/operate.ts';
import { providers } from './bugs/providers.ts';
import { provision } from './bugs/provision.ts';
import { reconcile } from './bugs/reconcile.ts';
import { runtime } from './bugs/runtime.ts';
import { scim } from './bugs/scim.ts';
import { scimCore } from './bugs/scim-core.ts';
import { signup } from './bugs/signup.ts';
import { smartassist } from './bugs/smartassist.ts';
import { sources } from './bugs/sources.ts';
import { tenant } from './bugs/tenant.ts';
import { webhook } from './bugs/webhook.ts';

/** Every planted bug: each room of functions/ has one. */
export const BUGS: readonly Bug[] = [
  ...console_,
  ...directory,
  ...events,
  ...lambda,
  ...mapping,
  ...operate,
  ...providers,
  ...provision,
  ...reconcile,
  ...runtime,
  ...scim,
  ...scimCore,
  ...signup,
  ...smartassist,
  ...sources,
  ...tenant,
  ...webhook,
];
