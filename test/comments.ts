/** A comment of a TypeScript file. */
export interface Comment {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** A slash after one of these begins a regular expression, and divides after anything else. */
const BEFORE_EXPRESSION =
  /(?:^|[=(,:;[{}!&|?+\-*%~^<>]|=>|\b(?:return|typeof|case|in|of|void|await|yield|throw))$/;

/**
 * The comments of a TypeScript file, and none of its strings, templates and regular expressions. Within `${…}` of a
 * template code goes on, and comments in it count.
 */
export function commentsIn(code: string): Comment[] {
  const comments: Comment[] = [];
  /** For each template that is open, how many braces are open in its `${…}`. */
  const templates: number[] = [];
  let at = 0;
  /** The last signs of the code before `at`, without comments. */
  let before = '';
  const template = () => {
    for (; at < code.length; at += 1) {
      if (code[at] === '\\') at += 1;
      else if (code[at] === '`') break;
      else if (code.startsWith('${', at)) {
        templates.push(0);
        at += 1;
        break;
      }
    }
    at += 1;
  };
  const quoted = (end: string) => {
    let isClass = false;
    for (at += 1; at < code.length && code[at] !== '\n'; at += 1) {
      if (code[at] === '\\') at += 1;
      else if (end === '/' && code[at] === '[') isClass = true;
      else if (end === '/' && code[at] === ']') isClass = false;
      else if (code[at] === end && !isClass) break;
    }
    at += 1;
    before = end;
  };
  while (at < code.length) {
    const sign = code[at] ?? '';
    const isBlock = code.startsWith('/*', at);
    if (isBlock || code.startsWith('//', at)) {
      const last = isBlock ? code.indexOf('*/', at + 2) : code.indexOf('\n', at);
      const end = last === -1 ? code.length : last + (isBlock ? 2 : 0);
      comments.push({ line: code.slice(0, at).split('\n').length, text: code.slice(at, end) });
      at = end;
    } else if (sign === "'" || sign === '"') quoted(sign);
    else if (sign === '/' && BEFORE_EXPRESSION.test(before.trimEnd())) quoted('/');
    else if (sign === '`' || (sign === '}' && templates.at(-1) === 0)) {
      if (sign === '}') templates.pop();
      at += 1;
      template();
      before = templates.length > 0 && code[at - 1] === '{' ? '{' : '`';
    } else {
      const depth = templates.pop();
      if (depth !== undefined) templates.push(depth + (sign === '{' ? 1 : sign === '}' ? -1 : 0));
      if (!/\s/.test(sign)) before = `${before}${sign}`.slice(-10);
      else if (/\w$/.test(before)) before = `${before} `.slice(-10);
      at += 1;
    }
  }
  return comments;
}

/** The words that docs/glossary.md retires: of prose in italics, of code in backticks. */
export function wordsOfBefore(glossary: string): {
  readonly words: readonly string[];
  readonly identifiers: readonly string[];
} {
  const [, retired = ''] = glossary.split('## Words that are no longer used');
  const cells = [...retired.matchAll(/^\| ([^|]+) \|/gm)].map(([, cell = '']) => cell);
  const found = (form: RegExp) =>
    cells.flatMap((cell) => [...cell.matchAll(form)].map(([, word = '']) => word));
  return { words: found(/\*([a-z]+)\*/g), identifiers: found(/`(\w+)`/g) };
}
