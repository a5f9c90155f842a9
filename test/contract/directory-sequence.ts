import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { aPerson, type DirectoryUnderTest, next } from './directory.ts';

const NAMES = ['ada', 'Ada', 'bob', 'eve'] as const;
const RUNS = 25;

/** What must hold whatever happened before, with few names and ids so that they meet often. */
export function directorySequence(test: DirectoryUnderTest): void {
  const step = fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    userName: fc.constantFrom(...NAMES),
    email: fc.constantFrom('x@example.com', 'y@example.com'),
    act: fc.constantFrom('write', 'write', 'erase', 'write stale'),
  });
  const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

  it('finds exactly who has a userName or e-mail address, and counts them', async () => {
    let run = 0;
    const property = fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const { directory } = test;
      const tenant = `${test.tenant}-${run++}`;
      const model = new Map<string, PersonRecord>();
      const find = async (attribute: 'userName' | 'email', value: string) =>
        (await directory.findPerson(tenant, { attribute, value })).map(({ id }) => id);
      const idsIn = (which: (record: PersonRecord) => boolean) =>
        [...model.values()]
          .filter(which)
          .map(({ id }) => id)
          .sort();

      for (const { id, userName, email, act } of steps) {
        const before = model.get(id);
        const person = { userName, emails: [{ value: email }] };
        if (act === 'erase' && before) {
          expect(await directory.erasePerson(before)).toEqual({ ok: true });
          model.delete(id);
        } else if (act === 'write stale') {
          const stale = aPerson(tenant, id, { version: 1_000 });
          expect(await directory.updatePerson(stale, next(stale, { person }))).toMatchObject({ ok: false });
        } else {
          const after = before ? next(before, { person }) : aPerson(tenant, id, { person });
          const holder = idsIn((other) => other.id !== id && same(other.person.userName, userName));
          const result = await (before
            ? directory.updatePerson(before, after)
            : directory.createPerson(after));
          if (result.ok) model.set(id, after);
          expect(result).toMatchObject(holder.length === 0 ? { ok: true } : { ok: false, id: holder[0] });
        }
      }

      for (const name of NAMES) {
        expect(await find('userName', name)).toEqual(idsIn(({ person }) => same(person.userName, name)));
      }
      for (const mail of ['x@example.com', 'y@example.com']) {
        expect(await find('email', mail)).toEqual(idsIn(({ person }) => person.emails?.[0]?.value === mail));
      }
      expect(await directory.countPersons(tenant)).toBe(model.size);
    });
    await fc.assert(property, { numRuns: RUNS });
  });
}
