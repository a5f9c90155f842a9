/**
 * Licences under which code may be in the product: they let it be used and passed on, and ask for no more than their own
 * text.
 */
export const ALLOWED: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
];

/** Whether an SPDX expression lets us: with OR one of its licences has to, with AND each. None is no licence. */
export function isAllowed(license: string | undefined): boolean {
  if (license === undefined) return false;
  const inner = /^\((.*)\)$/.exec(license)?.[1] ?? license;
  if (/[()]/.test(inner)) return false;
  return inner
    .split(/ OR /)
    .some((choice) => choice.split(/ AND /).every((each) => ALLOWED.includes(each.trim())));
}
