/** Said of a name that is nobody's, with those that are near. */
export function unknownText({
  name,
  near,
}: {
  readonly name: string;
  readonly near: readonly string[];
}): string {
  return `${name} is nobody here${near.length === 0 ? '' : `; the nearest names are: ${near.join(', ')}`}.`;
}
