import { DOORS } from './doors.ts';
import { READERS } from './readers.ts';
import type { Target } from './target.ts';

/** All doors and readers. */
export const TARGETS: readonly Target[] = [...READERS, ...DOORS];
