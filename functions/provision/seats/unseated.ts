import type { Services } from '../services.ts';

/** People who wait for a seat. */
export interface Unseated {
  readonly seats: number;
  /** At `most` there may be more. */
  readonly count: number;
  readonly most: number;
  /** ISO 8601: of the one who has waited longest. */
  readonly since: string;
}

const MOST_UNSEATED = 100;

/** Who waits for a seat, those first who have waited longest. */
export async function readUnseated(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
  seats: number | undefined,
): Promise<Unseated | undefined> {
  if (seats === undefined) return undefined;
  const page = await directory.listedPersons(tenant, 'waiting', { reason: 'no-seat', limit: MOST_UNSEATED });
  const [first] = page.persons;
  if (first === undefined) return undefined;
  const since = first.listed?.since ?? first.updatedAt;
  return { seats, count: page.persons.length, most: MOST_UNSEATED, since };
}
