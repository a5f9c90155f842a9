/** One thing that is wrong with a configuration, and where. */
export interface Problem {
  /** Keys and positions from the top of the file down to the value. */
  readonly path: readonly (string | number)[];
  /** What is wrong and what would be right, without the path. */
  readonly message: string;
  /** For what can't be read in a filter, path or template: its text and the 0-based column where reading stopped. */
  readonly expression?: { readonly text: string; readonly position: number };
  /** Where the file is known: counted from 1. */
  readonly line?: number;
  readonly column?: number;
}

/** `tenants.demo.rules[1].when`, as an administrator would write it. */
export function pathText(path: Problem['path']): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');
}

/** A problem as a person reads it: `file:line:column: path: reason`, and an expression with a caret below it. */
export function problemText(file: string, { path, message, line, column, expression }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  const reason = path.length === 0 ? `${place}: ${message}` : `${place}: ${pathText(path)}: ${message}`;
  return expression === undefined || expression.text.trim() === ''
    ? reason
    : `${reason}\n${withCaret(expression)}`;
}

const INDENTATION = '    ';
/** What fits beside the caret on a line of a terminal, before it and after. */
const SHOWN = 36;

function withCaret({ text, position }: NonNullable<Problem['expression']>): string {
  const from = position > SHOWN ? position - SHOWN : 0;
  const to = position + SHOWN < text.length ? position + SHOWN : text.length;
  const before = `${from > 0 ? '…' : ''}${text.slice(from, position)}`;
  const after = `${text.slice(position, to)}${to < text.length ? '…' : ''}`;
  // A line break in the text must not part it from its caret.
  const line = `${before}${after}`.replace(/\s/g, ' ');
  return `${INDENTATION}${line}\n${INDENTATION}${' '.repeat(before.length)}^`;
}

/** A configuration that can't be used; the message has each problem as `problemText` has it. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly code = 'configuration';
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    super(problems.map((problem) => problemText(file, problem)).join('\n'));
    this.problems = problems;
  }
}
