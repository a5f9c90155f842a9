import type { Name } from '../path/name.ts';
import type { CompareOp, Literal } from './literal.ts';

/** A filter (RFC 7644 section 3.4.2.2) with every name resolved and every value in its attribute's type. */
export type Filter =
  | { readonly op: 'and' | 'or'; readonly filters: readonly Filter[] }
  | { readonly op: 'not'; readonly filter: Filter }
  | { readonly op: 'pr'; readonly path: AttributePath }
  /** `emails[type eq "work"]`: there is an element that satisfies the filter of the path. */
  | { readonly op: 'valuePath'; readonly path: AttributePath }
  | { readonly op: CompareOp; readonly path: AttributePath; readonly value: Literal };

/**
 * A place in a resource (RFC 7644 section 3.5.2, PATH): an attribute, a sub-attribute, or those elements of a
 * multi-valued attribute that satisfy a filter. The whole of an extension is the attribute named by its URN.
 */
export interface AttributePath extends Name {
  readonly filter?: Filter;
}
