import { ENTITLEMENT_KINDS } from '../../mapping/rules/entitlement.ts';
import { ENTITLEMENT, ROLE } from '../../scim-core/schema/entitlement.ts';
import type { ResourceKind } from '../../scim-core/schema.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';
import { isList, REQUESTED_ENTITLEMENTS, type RequestedEntitlement, SCIM } from '../../tenant/vocabulary.ts';

/** What can be granted, as a resource type of its own. */
export interface EntitlementKind extends ResourceKind {
  /** The key of `wishes` that allows it. */
  readonly wish: RequestedEntitlement;
}

const ABOUT: Readonly<Record<RequestedEntitlement, string>> = {
  skills: 'A skill of the contact centre',
  queues: 'A queue that the agent serves',
  agentGroup: 'The agent group that the agent is in',
  languages: 'A language that the agent speaks or writes',
  role: 'The role of the agent',
};

const ENDPOINTS = {
  skills: '/Skills',
  queues: '/Queues',
  agentGroup: '/AgentGroups',
  languages: '/Languages',
  role: '/Roles',
} as const satisfies Record<RequestedEntitlement, string>;

export const ENTITLEMENT_RESOURCE_KINDS: readonly EntitlementKind[] = REQUESTED_ENTITLEMENTS.map((wish) => ({
  wish,
  name: ENTITLEMENT_KINDS[wish].type,
  endpoint: ENDPOINTS[wish],
  description: ABOUT[wish],
  core: wish === 'role' ? ROLE : ENTITLEMENT,
  extensions: [],
}));

/** The kinds that SCIM may ask for: nothing else is offered, since asking for it would come to nothing. */
export function offeredKinds({ wishes }: TenantConfiguration): EntitlementKind[] {
  const allowed = isList(wishes) ? wishes : (wishes[SCIM] ?? []);
  return ENTITLEMENT_RESOURCE_KINDS.filter(({ wish }) => allowed.includes(wish));
}
