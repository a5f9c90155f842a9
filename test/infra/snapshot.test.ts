import { expect, it } from 'vitest';
import { type Resource, SHIPPED, synthesise } from './synthesis.ts';

/**
 * The shipped stack, to be read in a review: a line a property, sorted by the resources' names, without what changes with
 * the code (digests) and without the dashboard's body, which has tests of its own.
 */
it('the template is the one that was reviewed; npx vitest run test/infra/snapshot.test.ts -u takes over a change', async () => {
  const { template } = synthesise(SHIPPED);
  const { Resources } = template.toJSON() as { Resources: Record<string, Resource> };
  const lines = Object.entries(Resources)
    .toSorted(([a], [b]) => (masked(a) < masked(b) ? -1 : 1))
    .flatMap(([id, { Type, Properties, DeletionPolicy }]) => [
      `${id} ${Type}${DeletionPolicy === undefined ? '' : ` (${DeletionPolicy})`}`,
      ...Object.entries(Properties ?? {})
        .filter(([key]) => key !== 'DashboardBody')
        .map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`),
    ]);
  await expect(`${masked(lines.join('\n'))}\n`).toMatchFileSnapshot('template.snap');
});

/** Digests of code, and ids that are made of them. */
function masked(text: string): string {
  return text
    .replaceAll(/\b[0-9a-f]{64}\b/g, '<digest>')
    .replaceAll(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1<digest>');
}
