/**
 * A tenant's two secrets. `door`: what proves callers, and what reading from sources takes. `smartassist`: the credentials
 * of the apps in SmartAssist. Apart, so that each function can read only what it works with.
 */
export const SECRET_KINDS = ['door', 'smartassist'] as const;
export type SecretKind = (typeof SECRET_KINDS)[number];

/** The stage of a stack that was given none. */
export const DEFAULT_STAGE = 'default';

/** A tenant by its name, with the single secret of 0.1.0 where its configuration names one. */
export interface SecretOwner {
  readonly name: string;
  readonly tenant: { readonly smartassist: { readonly secret?: string | undefined } };
}

/** What the names of a stage's secrets begin with: stages of one account have secrets of their own. */
export function secretsPrefix(stage: string): string {
  return `agent-provisioner/${stage}`;
}

/** The name of a tenant's secret. It follows from stage and tenant, so no tenant can name the secret of another. */
export function secretName(prefix: string, tenant: string, kind: SecretKind): string {
  return `${prefix}/${tenant}/${kind}`;
}

/** Whether a name has the form of one of the two secrets, of whatever stage and tenant. */
export function isOneOfTwo(name: string): boolean {
  return new RegExp(`^${secretsPrefix('.+')}/(${SECRET_KINDS.join('|')})$`).test(name);
}
