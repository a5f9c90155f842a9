import { describeFailure, type Failure } from './outcome.ts';

/** What a catalogue is read in: each by endpoints and a scope of its own. */
export const PARTS = ['agentGroups', 'skills', 'queues', 'roles'] as const;
export type Part = (typeof PARTS)[number];

/** Why a part can't be read, how often that was found in a row, and when it is asked for again (epoch milliseconds). */
export interface Unread {
  readonly reason: string;
  readonly tries: number;
  readonly nextAt: number;
}

const CALLED: Readonly<Record<Part, string>> = {
  agentGroups: 'agent groups',
  skills: 'skills',
  queues: 'queues',
  roles: 'roles',
};

/** The scopes of the bot app, as the page of each endpoint has them. */
const BOT_SCOPES: Readonly<Record<Exclude<Part, 'roles'>, string>> = {
  agentGroups: 'Configuration',
  skills: 'SmartAssist Analytics',
  queues: 'Configuration',
};

const ROLE_SCOPE = 'Profile Management > Role Management';

const HOUR_MS = 60 * 60_000;
/** A refusal lasts until an operator changes something in SmartAssist; anything else may be over in seconds. */
const REFUSED_PAUSE = { firstMs: 60_000, maxMs: HOUR_MS };
const SHORT_PAUSE = { firstMs: 2_000, maxMs: 5 * 60_000 };

/** What is noted of a part that couldn't be read. */
export function unreadPart(
  part: Part,
  failure: Failure,
  { before, hasAdminApp, now }: { before: Unread | undefined; hasAdminApp: boolean; now: number },
): Unread {
  const tries = (before?.tries ?? 0) + 1;
  const { firstMs, maxMs } = isRefusal(failure) ? REFUSED_PAUSE : SHORT_PAUSE;
  // The bot app's token is most likely never taken for roles, so it is tried once an hour.
  const pause =
    part === 'roles' && !hasAdminApp && isRefusal(failure)
      ? HOUR_MS
      : Math.max(
          Math.min(maxMs, firstMs * 2 ** Math.min(tries - 1, 20)),
          'waitMs' in failure ? failure.waitMs : 0,
        );
  return { reason: reasonOf(part, failure, hasAdminApp), tries, nextAt: now + pause };
}

/** Whether SmartAssist was asked and said no; everything else is over by itself. */
export function isRefusal({ outcome }: Failure): boolean {
  return outcome === 'unauthorized' || outcome === 'refused' || outcome === 'not-found';
}

/** Names the app, its scope and where to give it. */
function reasonOf(part: Part, failure: Failure, hasAdminApp: boolean): string {
  const what = `${CALLED[part]} can't be read: ${describeFailure(failure)}`;
  if (!isRefusal(failure)) return what;
  if (part !== 'roles') {
    return `${what}; the bot app needs the scope ${BOT_SCOPES[part]} (Dev Tools > API Scope), and has to be published after it`;
  }
  return hasAdminApp
    ? `${what}; the admin app needs the scope ${ROLE_SCOPE} (Admin Console > Security & Control > API Scopes)`
    : `${what}; they take an app of the Admin Console with the scope ${ROLE_SCOPE}, as admin in the secret. ` +
        "Without it write the role's id in the configuration, roles: { Agent: <24 hexadecimal digits> }";
}

/** What can't be read, by part. */
export type UnreadParts = { readonly [P in Part]?: Unread | undefined };

/** The parts that couldn't be read and are to be asked for again by now. */
export function askAgain(unread: UnreadParts | undefined, now: number): Part[] {
  return PARTS.filter((part) => (unread?.[part]?.nextAt ?? Number.POSITIVE_INFINITY) <= now);
}
