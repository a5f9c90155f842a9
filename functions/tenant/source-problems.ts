import { ScimInputError } from '../scim-core/error.ts';
import { parsePath } from '../scim-core/path/path.ts';
import { compilePayloadPath } from '../scim-core/path/payload-path.ts';
import { USER_KIND } from '../scim-core/schema.ts';
import { fileProblems } from './file-source.ts';
import type { Problem } from './problem.ts';
import { PARTNER_PRESETS, type SourceSettings } from './sources.ts';
import { scopeProblems } from './trust/scope-problems.ts';

/** What each preset can't do without. */
const NEEDED: Readonly<Partial<Record<SourceSettings['preset'], readonly (keyof SourceSettings)[]>>> = {
  'security-events': ['issuer', 'audience', 'jwksUri'],
  cognito: ['userPoolId'],
};

/** Presets that know accounts locked by wrong passwords. */
const LOCKING: ReadonlySet<SourceSettings['preset']> = new Set([
  'okta-event-hook',
  'clerk',
  'frontegg',
  'zitadel',
]);

const PARTNERS: ReadonlySet<SourceSettings['preset']> = new Set(PARTNER_PRESETS);

/** What is wrong with the sources of a tenant beyond their grammar: places that are none, and what is missing. */
export function sourceProblems(sources: Readonly<Record<string, SourceSettings>>): Problem[] {
  return Object.entries(sources).flatMap(([name, settings]) => {
    const at = (...path: string[]) => ['sources', name, ...path];
    const { preset, map = {}, read = {}, fetch } = settings;
    return [
      ...(NEEDED[preset] ?? []).flatMap((key) =>
        settings[key] === undefined ? [{ path: at(), message: `the preset ${preset} needs ${key}` }] : [],
      ),
      ...(settings.eventSource !== undefined && !PARTNERS.has(preset)
        ? [{ path: at('eventSource'), message: `${preset} is no partner of EventBridge here` }]
        : []),
      ...scopeProblems(name, settings),
      ...fileProblems(name, settings),
      ...(settings.onLock !== undefined && !LOCKING.has(preset)
        ? [{ path: at('onLock'), message: `${preset} says nothing of locked accounts` }]
        : []),
      ...(fetch?.url !== undefined && settings.map === undefined
        ? [{ path: at('fetch', 'url'), message: 'needs a map over its answer beside it' }]
        : []),
      ...Object.entries(map).flatMap(([to, from]) => [
        ...problemOf(at('map', to), () => parsePath(to, USER_KIND)),
        ...problemOf(at('map', to), () => compilePayloadPath(from)),
      ]),
      ...Object.entries(read).flatMap(([key, from]) =>
        from === undefined ? [] : problemOf(at('read', key), () => compilePayloadPath(from)),
      ),
    ];
  });
}

function problemOf(path: string[], compile: () => unknown): Problem[] {
  try {
    compile();
    return [];
  } catch (error) {
    if (error instanceof ScimInputError) return [{ path, message: error.message }];
    throw error;
  }
}
