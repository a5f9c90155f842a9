/** One thing that is wrong with a configuration, and where. */
export interface Problem {
  /** Keys and positions from the top of the file down to the value. */
  readonly path: readonly (string | number)[];
  /** What is wrong and what would be right, without the path. */
  readonly message: string;
  /** Where the file is at hand: counted from 1. */
  readonly line?: number;
  readonly column?: number;
}

/** `tenants.demo.rules[1].when`, as an administrator would write it. */
export function pathText(path: Problem['path']): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');
}

/** A configuration that can't be used; the message has one line a problem: `file:line:column: path: reason`. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly code = 'configuration';
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    super(
      problems
        .map(({ path, message, line, column }) => {
          const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
          return path.length === 0 ? `${place}: ${message}` : `${place}: ${pathText(path)}: ${message}`;
        })
        .join('\n'),
    );
    this.problems = problems;
  }
}
