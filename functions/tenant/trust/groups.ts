import { folded } from '../../scim-core/fold.ts';
import type { TenantConfiguration } from '../configuration.ts';
import type { SourceSettings } from '../sources.ts';

const known = new WeakMap<TenantConfiguration, readonly string[]>();

/** The texts of a tenant's mapping in which expressions stand: all but names of rules. */
function textsOf(configuration: TenantConfiguration): readonly string[] {
  let texts = known.get(configuration);
  if (texts === undefined) {
    const { provisionWhen, rules, agent } = configuration;
    texts = textsIn([provisionWhen, rules.map(({ name: _, ...rule }) => rule), agent]);
    known.set(configuration, texts);
  }
  return texts;
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

const GROUPS = /\bgroups\b/gi;

/** Whether an expression of a tenant's mapping speaks of groups: only then memberships are read from providers. */
export function speaksOfGroups(configuration: TenantConfiguration): boolean {
  return textsOf(configuration).some((text) => text.search(GROUPS) >= 0);
}

/** A group as a source has it. */
interface Named {
  readonly id: string;
  readonly display: string;
}

/** `groups.display sw "Contact Centre"`, and the same in square brackets. */
const COMPARED = /\bgroups(?:\.display\s+|\[\s*display\s+)(eq|sw|co|ew)\s+"([^"\\]*)"/gi;

const HOLDS: Readonly<Record<string, (display: string, wanted: string) => boolean>> = {
  eq: (display, wanted) => display === wanted,
  sw: (display, wanted) => display.startsWith(wanted),
  co: (display, wanted) => display.includes(wanted),
  ew: (display, wanted) => display.endsWith(wanted),
};

const spelled = (text: string) => folded(text.trim());

/**
 * Which groups a tenant's mapping and the scope of a source speak of, by what their names are compared with.
 *
 * @returns undefined where an expression asks for something else of groups, so that every group may matter
 */
export function groupsMeant(
  configuration: TenantConfiguration,
  { scope }: Pick<SourceSettings, 'scope'>,
): ((group: Named) => boolean) | undefined {
  const compared: {
    readonly holds: (display: string, wanted: string) => boolean;
    readonly wanted: string;
  }[] = [];
  for (const text of textsOf(configuration)) {
    const found = [...text.matchAll(COMPARED)];
    if (found.length < [...text.matchAll(GROUPS)].length) return undefined;
    for (const [, operator = '', wanted = ''] of found) {
      const holds = HOLDS[operator.toLowerCase()];
      if (holds !== undefined) compared.push({ holds, wanted: spelled(wanted) });
    }
  }
  const named = new Set(scope?.groups?.map(spelled));
  return ({ id, display }) => {
    const name = spelled(display);
    return (
      named.has(name) || named.has(spelled(id)) || compared.some(({ holds, wanted }) => holds(name, wanted))
    );
  };
}
