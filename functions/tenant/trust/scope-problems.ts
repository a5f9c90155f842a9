import type { Problem } from '../problem.ts';
import type { SourcePreset, SourceSettings } from '../sources.ts';
import type { Scope } from './scope.ts';

type Kind = Exclude<keyof Scope, 'application'>;

/** Presets whose payload the configuration, or SCIM, describes: anything may be in it. */
const ANYTHING: readonly SourcePreset[] = [
  'standard-webhooks',
  'cloudevents',
  'hmac',
  'json',
  'security-events',
  'scim-server',
  'file',
];

/** Who says what a scope is made of. */
const TOLD_BY: Readonly<Record<Kind, readonly SourcePreset[]>> = {
  groups: [
    'okta-event-hook',
    'entra-graph',
    'google-workspace',
    'workos',
    'ory-polis',
    'keycloak',
    ...ANYTHING,
  ],
  organizationalUnits: ['google-workspace'],
  userTypes: ['okta-event-hook', 'entra-graph', 'bamboohr', 'finch', 'remote', 'rippling', ...ANYTHING],
  departments: [
    'okta-event-hook',
    'entra-graph',
    'google-workspace',
    'workos',
    'bamboohr',
    'hibob',
    'finch',
    'gusto',
    'rippling',
    ...ANYTHING,
  ],
  guests: ['entra-graph'],
};

/** Attributes of `map` by which a source says the same. */
const MAPPED: Readonly<Partial<Record<Kind, RegExp>>> = {
  groups: /^groups$/i,
  userTypes: /^userType$/i,
  departments: /(^|:)department$/i,
};

/** What is wrong with the scope of a source: what its provider doesn't say. */
export function scopeProblems(
  name: string,
  { preset, scope = {}, map = {}, fetch }: SourceSettings,
): Problem[] {
  const problems: Problem[] = [];
  if (scope.application !== undefined && preset !== 'okta-event-hook') {
    problems.push({
      path: ['sources', name, 'scope', 'application'],
      message: `${preset} knows no applications; okta-event-hook does`,
    });
  }
  const others = Object.keys(scope).filter((kind) => kind !== 'application');
  if (scope.application !== undefined && others.length > 0 && fetch === undefined) {
    problems.push({
      path: ['sources', name, 'scope', others[0] ?? ''],
      message: 'together with application it takes fetch: an assignment alone does not say it',
    });
  }
  for (const kind of Object.keys(TOLD_BY) as Kind[]) {
    const isMapped = Object.keys(map).some((attribute) => MAPPED[kind]?.test(attribute) === true);
    if (scope[kind] === undefined || TOLD_BY[kind].includes(preset) || isMapped) continue;
    const telling = TOLD_BY[kind].filter((each) => !ANYTHING.includes(each)).join(', ');
    const byMap = MAPPED[kind] === undefined ? '' : ', or a map to it';
    problems.push({
      path: ['sources', name, 'scope', kind],
      message: `${preset} does not say it; ${telling} do${byMap}`,
    });
  }
  return problems;
}
