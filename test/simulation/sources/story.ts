import type { Joiner } from '../../../local/providers/company.ts';
import { EVENING, MORNING } from '../day.ts';
import type { Dice } from '../dice.ts';
import type { Story } from '../identity-provider.ts';

const HOUR_MS = 60 * 60_000;

/** What a source does about a person: `join` makes an account, the first one or another. */
export type Turn =
  | { readonly kind: 'join'; readonly joiner: Joiner }
  | { readonly kind: 'move'; readonly department: string }
  | { readonly kind: 'leave' | 'return' | 'delete' };

/** The same person's story as one source has it. */
export interface SourceStory {
  readonly userName: string;
  readonly turns: readonly { readonly at: number; readonly turn: Turn }[];
}

/** A source hears of a person before SCIM does or after it, and has a story of its own from then on. */
export function sourceStoryOf(dice: Dice, { userName, changes }: Story): SourceStory {
  const [first] = changes;
  const joiner = joinerOf(userName, first?.change.kind === 'have' ? first.change.profile : undefined);
  const joinsAt = first?.at ?? MORNING;
  let at = dice.chance(0.3) ? MORNING : Math.max(MORNING, joinsAt + dice.whole(-2 * HOUR_MS, 2 * HOUR_MS));
  const turns: { at: number; turn: Turn }[] = [{ at, turn: { kind: 'join', joiner } }];
  let is: 'in' | 'out' | 'gone' = 'in';
  for (let left = dice.pick([0, 0, 0, 1, 1, 2, 4]); left > 0; left -= 1) {
    at += dice.chance(0.3) ? dice.whole(1_000, 20_000) : dice.whole(1_000, 4 * HOUR_MS);
    if (at > EVENING) break;
    const turn = turnOf(dice, is, joiner);
    turns.push({ at, turn });
    if (turn.kind === 'leave') is = 'out';
    else if (turn.kind === 'delete') is = 'gone';
    else if (turn.kind !== 'move') is = 'in';
  }
  return { userName, turns };
}

function turnOf(dice: Dice, is: 'in' | 'out' | 'gone', joiner: Joiner): Turn {
  const department = dice.pick(['Billing', 'Support', 'Sales', 'Legal']);
  switch (is) {
    case 'in':
      return dice.pick<Turn>([
        { kind: 'move', department },
        { kind: 'leave' },
        { kind: 'leave' },
        { kind: 'delete' },
      ]);
    case 'out':
      // A company that takes a leaver back may begin another record.
      return dice.pick<Turn>([
        { kind: 'return' },
        { kind: 'return' },
        { kind: 'join', joiner },
        { kind: 'move', department },
        { kind: 'delete' },
      ]);
    case 'gone':
      return { kind: 'join', joiner };
  }
}

interface Known {
  readonly givenName: string;
  readonly familyName: string;
  readonly department: string;
  readonly phone: string;
}

function joinerOf(userName: string, known: Known | undefined): Joiner {
  const { givenName = userName, familyName = userName, department = 'Support', phone = '' } = known ?? {};
  const employeeNumber = `E${userName.replace(/\D/g, '')}`;
  return { email: userName, givenName, familyName, department, phone, employeeNumber };
}

/**
 * The same stories without the e-mail addresses that are another person's user name by mistake: sources know people by
 * these, and would take the one for the other before SCIM has said who that is.
 */
export function withOwnAddresses(stories: readonly Story[]): Story[] {
  const names = new Set(stories.map(({ userName }) => userName));
  return stories.map((story) => ({
    ...story,
    changes: story.changes.map(({ at, change }) => {
      if (change.kind !== 'have') return { at, change };
      const { email } = change.profile;
      const isOther = names.has(email) && email !== story.userName;
      return isOther
        ? { at, change: { kind: 'have', profile: { ...change.profile, email: story.email } } }
        : { at, change };
    }),
  }));
}
