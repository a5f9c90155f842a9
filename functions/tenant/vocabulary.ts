/**
 * The fixed words of provisioner.yaml. Apart from its grammar, so that a function that reads the configuration as it was
 * checked at synth carries neither the grammar nor what it is made of.
 */

export type { PathField } from '../smartassist/fields.ts';
export {
  API_GENERATIONS,
  type ApiGeneration,
  PROFICIENCIES,
  type Proficiency,
} from '../smartassist/vocabulary.ts';

/** What can be made of a value before it is used, in the order in which `as` lists it. */
export const CONVERSIONS = ['digits', 'e164', 'lower', 'upper', 'trim'] as const;
export type Conversion = (typeof CONVERSIONS)[number];

/** What the identity provider may ask for a person, where the tenant allows it. */
export const REQUESTED_ENTITLEMENTS = ['agentGroup', 'role', 'skills', 'languages', 'queues'] as const;
export type RequestedEntitlement = (typeof REQUESTED_ENTITLEMENTS)[number];

/** The name that SCIM has as a source. */
export const SCIM = 'scim';

/** What each source may ask for: one list for all of them, or lists by source. */
export type Wishes =
  | readonly RequestedEntitlement[]
  | Readonly<Record<string, readonly RequestedEntitlement[]>>;

export function isList(wishes: Wishes): wishes is readonly RequestedEntitlement[] {
  return Array.isArray(wishes);
}
