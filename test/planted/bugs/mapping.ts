import type { Bug } from '../bug.ts';

/** Mistakes of the room `functions/mapping`. */
export const mapping: readonly Bug[] = [
  {
    name: 'hash without a part',
    sentence: 'Another layout, region or capacity makes no difference.',
    file: 'functions/mapping/payload/payload.ts',
    from: '    .update(canonicalJson(managedFieldsOf(payload)))',
    to: '    .update(canonicalJson({ ...managedFieldsOf(payload), desktopLayouts: undefined }))',
    tests: ['test/mapping/payload.test.ts'],
  },
  {
    name: 'another name of a case',
    sentence: 'A name in another case is taken where two fit.',
    file: 'functions/mapping/payload/names.ts',
    from: '  if (only !== undefined && matches.length === 1) return { id: only.id };',
    to: '  if (only !== undefined) return { id: only.id };',
    tests: ['test/mapping/check-names.test.ts'],
  },
];
