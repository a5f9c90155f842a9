import { isDeepStrictEqual } from 'node:util';
import { type Approval, approve, withdraw } from '../../provision/brake/approvals.ts';
import type { Services } from '../../provision/services.ts';
import { compact } from '../../runtime/compact.ts';
import type { Configuration } from '../../tenant/configuration.ts';
import { contentDigest } from '../../tenant/generation/content.ts';
import { type Activated, type ActiveEntry, activate } from '../../tenant/generation/store.ts';
import { type Actor, recordAction } from '../audit.ts';

/** What is to be activated, on whose word. */
export interface Push {
  /** Checked by the caller. */
  readonly configuration: Configuration;
  /** The generation that the caller has planned against; undefined where there is none. */
  readonly after: ActiveEntry | undefined;
  /** What that one holds. */
  readonly before: Configuration | undefined;
  readonly actor: Actor;
  /** The stack was deployed with this configuration a moment ago. */
  readonly isDeployment: boolean;
  /** The generation that is rolled back to. */
  readonly restores?: number;
  /** By tenant: what an approved plan lets pass the brake. */
  readonly approvals?: ReadonlyMap<string, readonly Approval[]>;
}

/**
 * Activates a configuration as the next generation, and records who did it with each tenant that it changes. Approvals are
 * stored before, so that no function meets the generation without them; they are taken back where another one wins.
 */
export async function pushConfiguration(
  services: Services,
  { configuration, after, before, actor, isDeployment, restores, approvals = new Map() }: Push,
): Promise<Activated> {
  const { directory, clock } = services;
  const digest = contentDigest(configuration);
  for (const [tenant, each] of approvals) await approve(services, tenant, digest, each);
  const activated = await activate(directory, configuration, {
    after,
    now: clock.now(),
    isDeployment,
    ...actor,
    ...compact({ restores }),
  });
  if (activated.outcome === 'lost') {
    for (const [tenant, each] of approvals) await withdraw(services, tenant, digest, each);
  }
  if (activated.outcome !== 'activated') return activated;
  const { number: generation } = activated.entry;
  const action = restores === undefined ? 'push' : 'rollback';
  for (const tenant of changedTenants(before, configuration)) {
    const approved = approvals.get(tenant)?.length;
    await recordAction(services, tenant, actor, action, { generation, ...compact({ restores, approved }) });
  }
  return activated;
}

/** The tenants that differ, those that come and go among them. */
export function changedTenants(before: Configuration | undefined, after: Configuration): string[] {
  const had: Partial<Configuration['tenants']> = before?.tenants ?? {};
  const has: Partial<Configuration['tenants']> = after.tenants;
  // What was stored has no keys without a value.
  const plain = (value: unknown) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
  return [...new Set([...Object.keys(had), ...Object.keys(has)])].filter(
    (name) => !isDeepStrictEqual(plain(had[name]), plain(has[name])),
  );
}
