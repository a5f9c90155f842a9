import { compact } from '../../runtime/compact.ts';
import { reasonOf } from '../people/reasons.ts';
import type { Overview } from './overview.ts';

/** What wants an operator, with the page on which it is dealt with. */
export interface Attention {
  readonly colour: 'red' | 'amber';
  readonly what: string;
  /** One sentence: the cause. */
  readonly cause: string;
  /** What SmartAssist or a source said, word for word. */
  readonly words?: string;
  readonly remedy?: string;
  /** ISO 8601 */
  readonly since?: string;
  readonly place:
    | { readonly is: 'failures'; readonly reason: string }
    | { readonly is: 'queue'; readonly reason: string }
    | { readonly is: 'waiting'; readonly reason: string }
    | { readonly is: 'brake' | 'resume' | 'confirmations' | 'reconciliation' }
    | { readonly is: 'source'; readonly source: string };
}

/** Everybody waits for these. */
const ALL = 0;
/** People are kept from working. */
const SOME = 1;
const SOON = 2;

type Ranked = Attention & { readonly rank: number };

/** What wants an operator, the most urgent first. */
export function attentionTo(overview: Overview): Attention[] {
  return [
    ...ofSmartAssist(overview),
    ...ofBrake(overview),
    ...ofFailures(overview),
    ...ofSeats(overview),
    ...ofSources(overview),
    ...ofReconciliation(overview),
  ]
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ rank: _, ...attention }) => attention);
}

function ofSmartAssist({ pause, queue: { trouble } }: Overview): Ranked[] {
  const items: Ranked[] = [];
  if (pause !== undefined) {
    const because = pause.reason === undefined ? '' : ` (${pause.reason})`;
    items.push({
      rank: ALL,
      colour: 'amber',
      what: 'Calls to SmartAssist are paused',
      cause: `${pause.by} paused the tenant${because}; what comes in is stored and waits.`,
      remedy: 'Resume when the reason is gone.',
      since: pause.since,
      place: { is: 'resume' },
    });
  }
  if (trouble !== undefined) {
    const { text, remedy } = reasonOf(trouble.reason);
    items.push({
      rank: ALL,
      colour: 'red',
      what: 'SmartAssist',
      cause: text,
      words: trouble.words,
      ...compact({ remedy }),
      since: trouble.at,
      place: { is: 'queue', reason: trouble.reason },
    });
  }
  return items;
}

function ofBrake({ states, brake }: Overview): Ranked[] {
  if (states.held === 0) return [];
  const since = [brake.engaged.leaving?.at, brake.engaged.change?.at].filter((at) => at !== undefined);
  return [
    {
      rank: ALL,
      colour: 'red',
      what: 'The brake holds',
      cause: `${states.held} people wait because too many agents were to leave or change at once.`,
      remedy: 'Look whether it is meant; then release or discard.',
      ...compact({ since: since.length === 0 ? undefined : new Date(Math.min(...since)).toISOString() }),
      place: { is: 'brake' },
    },
  ];
}

function ofFailures({ failed }: Overview): Ranked[] {
  return failed.map(({ reason, count, most, since, words }) => {
    const { text, remedy } = reasonOf(reason);
    return {
      rank: SOME,
      colour: 'red',
      what: `${count >= most ? `${most} people or more` : count === 1 ? '1 person' : `${count} people`} failed`,
      cause: text,
      ...compact({ words: words || undefined }),
      ...compact({ remedy }),
      since,
      place: { is: 'failures', reason },
    };
  });
}

function ofSeats({ unseated }: Overview): Ranked[] {
  if (unseated === undefined) return [];
  const { text, remedy } = reasonOf('no-seat');
  const { count, most, seats, since } = unseated;
  return [
    {
      rank: SOME,
      colour: 'red',
      what: `${count >= most ? `${most} people or more wait` : count === 1 ? '1 person waits' : `${count} people wait`} for one of ${seats} seats`,
      cause: text,
      ...compact({ remedy }),
      since,
      place: { is: 'waiting', reason: 'no-seat' },
    },
  ];
}

function ofSources({ sources, unconfirmed }: Overview): Ranked[] {
  const items = sources.flatMap(({ name, state }): Ranked[] => {
    const place = { is: 'source', source: name } as const;
    if (state.paused !== undefined) {
      return [
        {
          rank: SOME,
          colour: 'red',
          what: `Source ${name} is paused`,
          cause: state.paused.reason,
          remedy: 'Nothing of it is taken until it is resumed.',
          since: state.paused.at,
          place,
        },
      ];
    }
    if (state.silentSince === undefined) return [];
    return [
      {
        rank: SOON,
        colour: 'amber',
        what: `Source ${name} is silent`,
        cause: 'It was heard regularly and no longer is.',
        remedy: 'Look whether its webhook or subscription is still there, and whether requests are refused.',
        since: state.silentSince,
        place,
      },
    ];
  });
  if (unconfirmed.count > 0) {
    items.push({
      rank: SOME,
      colour: 'amber',
      what: `${unconfirmed.count >= unconfirmed.most ? `${unconfirmed.most} or more` : unconfirmed.count} to confirm`,
      cause: 'Sources said something that only an operator may let happen.',
      remedy: 'Look at each, and accept or discard it.',
      place: { is: 'confirmations' },
    });
  }
  return items;
}

function ofReconciliation({ reconciliation }: Overview): Ranked[] {
  if (reconciliation === undefined || reconciliation.drifted === 0) return [];
  return [
    {
      rank: SOON,
      colour: 'amber',
      what: `${reconciliation.drifted === 1 ? '1 agent was' : `${reconciliation.drifted} agents were`} changed in SmartAssist`,
      cause: 'The last reconciliation found other values than the configuration makes.',
      remedy: 'Repair them, or change the rules.',
      since: reconciliation.startedAt,
      place: { is: 'reconciliation' },
    },
  ];
}

/** One part of the system, with how it is in a sentence. */
export interface Part {
  readonly name: string;
  readonly colour: 'red' | 'amber' | 'green';
  readonly sentence: string;
}

const DAY_MS = 86_400_000;

/** How each part is. */
export function partsOf({ at, pause, queue, brake, states, reconciliation, sources }: Overview): Part[] {
  const { trouble } = queue;
  const parts: Part[] = [
    pause !== undefined
      ? { name: 'SmartAssist', colour: 'amber', sentence: 'Calls are paused by an operator.' }
      : trouble === undefined
        ? { name: 'SmartAssist', colour: 'green', sentence: 'The last attempts met no trouble.' }
        : { name: 'SmartAssist', colour: 'red', sentence: reasonOf(trouble.reason).text },
    brake.engaged.leaving === undefined && brake.engaged.change === undefined
      ? { name: 'Brake', colour: 'green', sentence: 'It lets everything pass.' }
      : { name: 'Brake', colour: 'red', sentence: `It is engaged; ${states.held} wait for a decision.` },
    reconciliationPart(reconciliation, at),
  ];
  for (const { name, state } of sources) {
    const part = `Source ${name}`;
    if (state.paused !== undefined) parts.push({ name: part, colour: 'red', sentence: 'Paused.' });
    else if (state.silentSince !== undefined)
      parts.push({ name: part, colour: 'amber', sentence: 'Silent.' });
    else if (state.heardAt === undefined)
      parts.push({ name: part, colour: 'amber', sentence: 'Not heard yet.' });
    else parts.push({ name: part, colour: 'green', sentence: 'Heard.' });
  }
  return parts;
}

function reconciliationPart(last: Overview['reconciliation'], at: number): Part {
  const name = 'Reconciliation';
  if (last === undefined) return { name, colour: 'amber', sentence: 'None has been made yet.' };
  if (at - Date.parse(last.startedAt) > 2 * DAY_MS)
    return { name, colour: 'amber', sentence: 'The last one began more than two days ago.' };
  return last.drifted + last.missed === 0
    ? { name, colour: 'green', sentence: 'SmartAssist has what it should have.' }
    : { name, colour: 'amber', sentence: `${last.drifted} changed, ${last.missed} missing.` };
}
