/** Processor time and memory. */
export interface Cost {
  readonly milliseconds: number;
  readonly megabytes: number;
}

/** A door or a reader, and what is sent to it. */
export interface Target {
  readonly name: string;
  /** What inputs are made of. */
  readonly seeds: readonly string[];
  /** What a kilobyte of an input may take, where it is more than elsewhere. */
  readonly aKilobyte?: Cost;
  /**
   * Takes an input in.
   *
   * @throws what is a finding; a refusal is none
   */
  take(input: string): unknown;
}

/** Rejections that say to a caller, or an operator, what is wrong with what came; by their names. */
const REFUSALS = new Set([
  'CommandFailure',
  'ConfigurationError',
  'Rejection',
  'ScimError',
  'ScimInputError',
]);

/** A reader that either reads or refuses. */
export function reader(name: string, seeds: readonly string[], read: (input: string) => unknown): Target {
  return {
    name,
    seeds,
    take: async (input) => {
      try {
        await read(input);
      } catch (error) {
        if (!(error instanceof Error) || !REFUSALS.has(error.name)) throw error;
      }
    },
  };
}

/** @throws Error for an answer by which a front door says that the fault is its own */
export function assertAnswered(status: number, body: string): void {
  const isAnswer = Number.isInteger(status) && status >= 200 && (status < 500 || status === 501);
  if (!isAnswer) throw new Error(`answered ${status}: ${body.slice(0, 300)}`);
}
