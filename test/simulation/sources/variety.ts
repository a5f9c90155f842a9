import type { TenantConfiguration } from '../../../functions/tenant/configuration.ts';
import { sourceSchema } from '../../../functions/tenant/sources.ts';
import { DIRECTORY } from '../../../local/providers/workos.ts';
import type { Dice } from '../dice.ts';
import { FILE, MARKER } from './hr-file.ts';

/** The source that signs what it sends; the one that doesn't and has to be read; the one where strangers sign up. */
export const SIGNED = 'workos';
export const UNSIGNED = 'okta';
export const SIGN_UPS = 'customers';
/** The one that only writes files. */
export const FILED = 'hr';

/** What a world has of sources beside SCIM. */
export interface SourceVariety {
  /** What they add to the tenant. */
  readonly tenant: Pick<TenantConfiguration, 'sources' | 'authority'>;
  readonly hasSigned: boolean;
  readonly hasUnsigned: boolean;
  readonly file: { readonly content: 'full' | 'incremental'; readonly hasMarker: boolean } | undefined;
  /** How likely a person has an account in a source. */
  readonly knows: number;
  /** How likely an event never leaves its sender. */
  readonly loses: number;
  /** How likely an event is sent twice. */
  readonly doubles: number;
  /** How likely an event is late, by up to a day. */
  readonly delays: number;
  /** How likely a call to a source's API breaks. */
  readonly breaks: number;
  /** How often an API throttles, fails, answers as a proxy, leaves people out of its lists or refuses the credentials. */
  readonly troubles: number;
  /** Sources are read by the clock, and not at the end alone. */
  readonly isReadByClock: boolean;
  readonly lastReading: 'delta' | 'full';
  /** Unsigned events that are not true. */
  readonly falseWords: number;
  /** Accounts that strangers make with the addresses of the people. */
  readonly signUps: number;
}

/** A quarter of the worlds with sources have one that writes files. */
function fileOf(dice: Dice): SourceVariety['file'] {
  if (!dice.chance(0.25)) return undefined;
  return { content: dice.pick(['full', 'incremental'] as const), hasMarker: dice.chance(0.5) };
}

/** Half of the worlds have sources. */
export function sourcesOf(dice: Dice): SourceVariety | undefined {
  if (!dice.chance(0.5)) return undefined;
  const [hasSigned, hasUnsigned] = dice.pick([
    [true, true],
    [true, true],
    [true, false],
    [false, true],
  ] as const);
  const sync = { delta: '30m', full: '4h' };
  const directory = { preset: 'workos', fetch: { directory: DIRECTORY }, sync };
  const organization = { preset: 'okta-event-hook', fetch: { domain: 'acme.okta.com' }, sync };
  const file = fileOf(dice.fork('file'));
  const filed = {
    file: FILE,
    content: file?.content,
    ...(file?.hasMarker === true ? { marker: MARKER } : {}),
  };
  const sources = {
    ...(hasSigned ? { [SIGNED]: sourceSchema.parse(directory) } : {}),
    ...(hasUnsigned ? { [UNSIGNED]: sourceSchema.parse(organization) } : {}),
    [SIGN_UPS]: sourceSchema.parse({ preset: 'auth0' }),
    ...(file === undefined ? {} : { [FILED]: sourceSchema.parse({ preset: 'file', fetch: filed, sync }) }),
  };
  // Only who may say that persons of SCIM leave can say it by leaving them out of a list.
  const isNamed = dice.chance(0.5);
  const inService = ['scim', ...(hasSigned ? [SIGNED] : []), ...(hasUnsigned ? [UNSIGNED] : [])];
  if (file !== undefined) inService.push(FILED);
  return {
    tenant: { sources, ...(isNamed ? { authority: { inService, attributes: {} } } : {}) },
    hasSigned,
    hasUnsigned,
    file,
    knows: dice.pick([0.2, 0.6, 0.9]),
    loses: dice.pick([0, 0.1, 0.1]),
    doubles: dice.pick([0, 0.1, 0.3]),
    delays: dice.pick([0, 0.05, 0.2]),
    breaks: dice.pick([0, 0.02, 0.1]),
    troubles: dice.whole(0, 6),
    isReadByClock: dice.chance(0.5),
    lastReading: isNamed ? dice.pick(['delta', 'full'] as const) : 'delta',
    falseWords: hasUnsigned ? dice.whole(0, 12) : 0,
    signUps: dice.whole(0, 4),
  };
}
