import { compileSome } from '../filter/match.ts';
import type { Resource } from '../resource/resource.ts';
import type { AttributePath } from './path.ts';

/**
 * Turns a path into a function that lists the values there: one for a singular attribute, one for each (selected)
 * element of a multi-valued one. Values that are missing or null are left out, so an empty list says "unassigned".
 */
export function compilePath(path: AttributePath): (resource: Resource) => unknown[] {
  const some = compileSome(path);
  return (resource) => {
    const values: unknown[] = [];
    some(resource, (value) => {
      if (value !== undefined && value !== null) values.push(value);
      return false;
    });
    return values;
  };
}
