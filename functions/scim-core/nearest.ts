/** Longer words are cut: a suggestion for them helps nobody, and the distance costs the product of the lengths. */
const MAX_LENGTH = 64;

/**
 * The candidates that `word` was probably meant to be, best first: those within a third of its length in typing errors
 * (a letter too much, too little, wrong or swapped with the next), then those that contain it or that it contains.
 * Case doesn't count. At most `max`; equal ones in the order of the alphabet.
 */
export function nearest(word: string, candidates: Iterable<string>, max = 3): string[] {
  const wanted = word.slice(0, MAX_LENGTH).toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  const ranked: { candidate: string; rank: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const found = candidate.slice(0, MAX_LENGTH).toLowerCase();
    const distance =
      Math.abs(found.length - wanted.length) <= limit
        ? editDistance(wanted, found)
        : Number.POSITIVE_INFINITY;
    if (distance <= limit) ranked.push({ candidate, rank: distance });
    else if (contains(found, wanted) || contains(wanted, found)) ranked.push({ candidate, rank: MAX_LENGTH });
  }
  ranked.sort((a, b) => a.rank - b.rank || (a.candidate < b.candidate ? -1 : 1));
  return ranked.slice(0, max).map(({ candidate }) => candidate);
}

/** A sentence to put behind an error message: ` Did you mean "a" or "b"?`, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const found = nearest(word, candidates).map((candidate) => JSON.stringify(candidate));
  return found.length === 0 ? '' : ` Did you mean ${found.join(' or ')}?`;
}

/** Parts of fewer than three letters are in everything. */
function contains(whole: string, part: string): boolean {
  return part.length >= 3 && whole.includes(part);
}

/** Edits between two words, a swap of neighbours counting as one (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let best = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      );
      if (a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, at(beforeLast, column - 2) + 1);
      }
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
