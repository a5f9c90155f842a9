import { MAX_LENGTH } from '../../scim-core/filter/token.ts';
import { type Attribute, GROUP, type ResourceKind, USER, USER_KIND } from '../../scim-core/schema.ts';

/**
 * In which names are looked up that may be of either kind. What a resource has no such attribute for counts as without
 * a value there (RFC 7644 section 3.4.2.1).
 */
export const ROOT_KIND: ResourceKind = {
  ...USER_KIND,
  core: { ...USER, attributes: unique([...USER.attributes, ...GROUP.attributes]) },
};

/** A string that doesn't end goes to the end of the text, so that no quote in it is tried as the begin of another. */
const GROUP_URN = new RegExp(
  `"(?:[^"\\\\]|\\\\[^])*(?:"|\\\\?$)|${GROUP.id.replaceAll('.', '\\.')}[:.]`,
  'gi',
);

/** A filter or path without the URN of groups before names: strings in it stay as they are. */
export function unqualified(text: string): string {
  // The parser refuses it by its length.
  if (text.length > MAX_LENGTH) return text;
  return text.replace(GROUP_URN, (found) => (found.startsWith('"') ? found : ''));
}

/** `displayName` is in both schemas, and the same. */
function unique(attributes: readonly Attribute[]): Attribute[] {
  return [...new Map(attributes.map((each) => [each.name, each] as const)).values()];
}
