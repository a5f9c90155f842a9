/** A mistake that a maintainer could make, planted to see whether anything notices. */
export interface Bug {
  /** Short, and its own. */
  readonly name: string;
  /** What was done, in a sentence. */
  readonly sentence: string;
  readonly file: string;
  /** Text of the file that is there exactly once, and what stands in its place. */
  readonly from: string;
  readonly to: string;
  /** The tests that are nearest. */
  readonly tests: readonly string[];
  /** Seeds of the simulated world to try where no test notices; 20 without it. */
  readonly seeds?: number;
}

/** The file with the bug in it. @throws Error that names the bug where its text is not there exactly once */
export function planted(bug: Pick<Bug, 'name' | 'file' | 'from' | 'to'>, text: string): string {
  const places = text.split(bug.from).length - 1;
  if (places !== 1 || bug.from === bug.to) {
    const found = places === 0 ? 'is not there' : `is there ${places} times`;
    throw new Error(`the planted bug "${bug.name}" no longer applies: its text ${found} in ${bug.file}`);
  }
  return text.replace(bug.from, () => bug.to);
}

/** The room of functions/ that a bug is in. */
export function roomOf({ file }: Pick<Bug, 'file'>): string {
  return file.split('/')[1] ?? '';
}
