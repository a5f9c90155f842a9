/** What no line of a log may show: tokens, keys, numbers of people. */
const FORBIDDEN: readonly (readonly [what: string, RegExp])[] = [
  ['a token', /simulated-scim-token|eyJ[\w-]{8}/],
  ['a key', /key-of-cs-|client secret of the admin/],
  ['a phone number', /(?<![\da-f-])\+?49[\s()]?(?:151|30)[\s()]?\d{7}/],
];

/** What a line of the log shows that it may not. */
export function leakOf(line: string): string | undefined {
  const found = FORBIDDEN.find(([, pattern]) => pattern.test(line));
  return found && `a line of the log shows ${found[0]}: ${line}`;
}
