import { compact } from '../runtime/compact.ts';
import { ScimInputError } from '../scim-core/error.ts';
import type { Problem } from '../tenant/problem.ts';

/** Gathers what is wrong with a mapping, so that all of it is said at once. */
export class Complaints {
  readonly problems: Problem[] = [];
  /**
   * How many times mapping a person has to look at all its values of a kind: once a comparison, once a path. A person may
   * have a thousand values of a kind.
   */
  looks = 0;

  add(path: Problem['path'], message: string): void {
    this.problems.push({ path, message });
  }

  /**
   * Reads an expression; what is wrong with it is noted with its place in it.
   *
   * @returns what `read` made of it, `otherwise` when nothing can be
   */
  read<T>(path: Problem['path'], text: string, read: () => T, otherwise: T): T {
    try {
      return read();
    } catch (error) {
      // Stryker disable next-line ConditionalExpression: reading throws nothing else; were it to, it must not be hidden
      if (!(error instanceof ScimInputError)) throw error;
      const { message, position } = error;
      this.problems.push({
        path,
        message,
        ...compact({ expression: position === undefined ? undefined : { text, position } }),
      });
      return otherwise;
    }
  }
}
