import { createHash } from 'node:crypto';
import type { ListedSource } from './source.ts';

/** Raised when cursors of a version mean something else than those of the one before. */
const CURSORS = 1;

/** Whose cursor it is: one of another tenant, address, application or version goes on nowhere. */
export function cursorOwner({
  tenant,
  name,
  settings,
}: Pick<ListedSource, 'tenant' | 'name' | 'settings'>): string {
  const { preset, fetch, scope } = settings;
  const text = JSON.stringify([CURSORS, tenant, name, preset, fetch, scope]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
