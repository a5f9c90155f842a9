import { describe, expect, it } from 'vitest';
import { openUniqueIds } from '../../functions/runtime/unique-id.ts';

const AT = Date.parse('2026-11-26T12:00:00Z');
const timeOf = (id: string) => Number.parseInt(id.slice(0, 13).replace('-', ''), 16);

describe('unique ids', () => {
  it('are UUIDs of version 7 that begin with the time', () => {
    const id = openUniqueIds(() => AT)();
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(timeOf(id)).toBe(AT);
  });

  it('follow each other as texts, also beyond what a millisecond has room for and when the clock is put back', () => {
    let now = AT;
    const next = openUniqueIds(() => now);
    const ids = Array.from({ length: 10_000 }, next);
    now -= 60_000;
    ids.push(next());
    now += 120_000;
    ids.push(next());
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
    expect(timeOf(ids.at(-1) ?? '')).toBe(now);
  });

  it('differ where two machines make them at the same time', () => {
    const [one, other] = [openUniqueIds(() => AT), openUniqueIds(() => AT)];
    expect(one()).not.toBe(other());
  });
});
