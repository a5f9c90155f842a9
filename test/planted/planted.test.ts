import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { planted, roomOf } from './bug.ts';
import { BUGS } from './bugs.ts';

describe('planted bugs', () => {
  it.each(BUGS.map((bug) => [bug.name, bug] as const))(
    '"%s" applies, and names tests that there are',
    (_, bug) => {
      const text = readFileSync(bug.file, 'utf8');
      expect(planted(bug, text)).not.toBe(text);
      expect(bug.tests.filter((test) => !existsSync(test))).toEqual([]);
    },
  );

  it('are forty at least, in every room, each by a name of its own', () => {
    const rooms = readdirSync('functions', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(new Set(BUGS.map(roomOf))).toEqual(new Set(rooms.map(({ name }) => name)));
    expect(new Set(BUGS.map(({ name }) => name)).size).toBe(BUGS.length);
    expect(BUGS.length).toBeGreaterThanOrEqual(40);
  });

  it('are named when they no longer apply', () => {
    const bug = { name: 'n', file: 'functions/a/b.ts', from: 'x', to: 'y' };
    expect(planted(bug, 'ax')).toBe('ay');
    expect(() => planted(bug, 'a')).toThrow('the planted bug "n" no longer applies: its text is not there');
    expect(() => planted(bug, 'xx')).toThrow('is there 2 times');
    expect(() => planted({ ...bug, to: 'x' }, 'x')).toThrow('"n"');
  });
});
