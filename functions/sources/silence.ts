import type { SourceState, States } from '../events/source-state.ts';
import type { Services } from '../provision/services.ts';
import type { Configuration } from '../tenant/configuration.ts';
import type { SourceSettings } from '../tenant/sources.ts';
import { sayUnread } from './unread.ts';

/** A source has a habit from so many pauses on. */
const HABIT = 5;
/** Silent is who is quiet for so many times the longest pause, but not for less than some hours: nights are quiet. */
const TIMES = 3;
const SHORTEST_MS = 12 * 3_600_000;

/** Milliseconds that a source may be quiet; undefined while nothing is set and no habit known. */
function allowedSilence(settings: SourceSettings, { gaps = [] }: SourceState): number | undefined {
  if (settings.silence !== undefined) return settings.silence * 1_000;
  return gaps.length < HABIT ? undefined : Math.max(SHORTEST_MS, TIMES * Math.max(...gaps));
}

/**
 * Looks at the state of each source: what its readings don't tell, and whether it was heard regularly and no longer is. A
 * hook dies with the account that made it, a subscription expires, a stream is switched off, and no provider says so. Logged once, until the source is heard again;
 * measured as long as it lasts, as sources that are paused are.
 */
export async function checkSilence(
  configuration: Configuration,
  services: Services,
  states: States,
): Promise<void> {
  const now = services.clock.now();
  for (const [tenant, { sources }] of Object.entries(configuration.tenants)) {
    let [silent, paused] = [0, 0];
    for (const [source, settings] of Object.entries(sources)) {
      const state = await states.get(tenant, source);
      sayUnread(services, tenant, source, state);
      if (state.paused !== undefined) paused += 1;
      else if (isSilent(settings, state, now)) silent += 1;
      else continue;
      if (state.paused !== undefined || state.silentSince !== undefined) continue;
      const silentSince = new Date(now).toISOString();
      await states.change(tenant, source, (before) => ({ ...before, silentSince }));
      services.log.error('a source has gone silent', {
        tenant,
        source,
        heardAt: state.heardAt,
      });
    }
    if (silent > 0) services.metrics.gauge('SourceSilent', { tenant }, silent);
    if (paused > 0) services.metrics.gauge('SourcePaused', { tenant }, paused);
  }
}

function isSilent(settings: SourceSettings, state: SourceState, now: number): boolean {
  if (state.silentSince !== undefined) return true;
  const allowed = allowedSilence(settings, state);
  return allowed !== undefined && state.heardAt !== undefined && now - Date.parse(state.heardAt) > allowed;
}
