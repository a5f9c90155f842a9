import type { Catalogue } from '../../smartassist/catalogue.ts';
import type { FieldTable } from '../../smartassist/fields.ts';
import type { ApiGeneration } from '../../tenant/configuration.ts';
import type { Paths } from '../desired/desired-agent.ts';
import type { RoleIds } from './names.ts';

/** What a payload depends on besides the person and the rules. */
export interface PayloadContext {
  readonly catalogue: Catalogue;
  /** Ids of roles that the configuration gives a name. */
  readonly roles?: RoleIds | undefined;
  readonly profile: ApiGeneration;
  readonly customId: string;
  /** Where fields come from, for messages about those that have no value. */
  readonly paths: Paths;
  /** Another table of agent fields than the product's. */
  readonly fields?: FieldTable;
}
