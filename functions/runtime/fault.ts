/** What the language throws at a mistake in a program; everything that the product itself throws has a class of its own. */
const FAULTS = [TypeError, ReferenceError, RangeError, SyntaxError, EvalError, URIError];

/** Whether an error is a mistake in the code, and not a store, a service or a secret that is in the way. */
export function isFaultOfCode(error: unknown): boolean {
  return FAULTS.some((fault) => error instanceof fault);
}
