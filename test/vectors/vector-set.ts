/** What one vector came to. */
export interface Outcome {
  readonly name: string;
  /** What the set says: to be taken, to be refused, or left to the reader. */
  readonly wanted: 'taken' | 'refused' | 'either';
  readonly isTaken: boolean;
  /** Why this product may answer otherwise than the set wants. */
  readonly reason?: string | undefined;
}

/** Vectors that others published, and what of this product they are given to. */
export interface VectorSet {
  readonly name: string;
  readonly outcomes: () => AsyncIterable<Outcome>;
}

export interface Summary {
  readonly vectors: number;
  readonly right: number;
  readonly either: number;
  /** How many are answered otherwise on purpose, by the reason. */
  readonly otherwise: Readonly<Record<string, number>>;
  readonly wrong: readonly string[];
}

/** Runs a set to its end: a vector is right, left open by the set, answered otherwise on purpose, or wrong. */
export async function summaryOf({ outcomes }: VectorSet): Promise<Summary> {
  const wrong: string[] = [];
  const otherwise: Record<string, number> = {};
  let [vectors, right, either] = [0, 0, 0];
  for await (const { name, wanted, isTaken, reason } of outcomes()) {
    vectors += 1;
    if (wanted === 'either') either += 1;
    else if ((wanted === 'taken') === isTaken) right += 1;
    else if (reason !== undefined) otherwise[reason] = (otherwise[reason] ?? 0) + 1;
    else wrong.push(`${name}: ${isTaken ? 'taken' : 'refused'}`);
  }
  return { vectors, right, either, otherwise, wrong };
}
