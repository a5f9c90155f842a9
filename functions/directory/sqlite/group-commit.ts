import type { DatabaseSync } from 'node:sqlite';
import type { Write, WriteResult } from '../table.ts';

/** Does one write; the answer is undefined when its condition held, else the refusal. */
export type ApplyWrite = (write: Write, position: number) => WriteResult | undefined;

interface Call {
  readonly writes: readonly Write[];
  readonly resolve: (result: WriteResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes what was asked for in one turn of the event loop with one commit: a commit costs more than what it
 * commits, and under load many requests wait at once. Each call stays all or nothing by itself, fails by itself, and
 * is answered only after the commit.
 *
 * @param before is called before each commit
 */
export function groupCommit(database: DatabaseSync, apply: ApplyWrite, before: () => void) {
  let waiting: Call[] = [];
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const rollback = database.prepare('ROLLBACK');
  const savepoint = database.prepare('SAVEPOINT one');
  const undo = database.prepare('ROLLBACK TO one');
  const release = database.prepare('RELEASE one');

  const applyAll = (writes: readonly Write[]): WriteResult => {
    for (const [position, write] of writes.entries()) {
      const refused = apply(write, position);
      if (refused) return refused;
    }
    return { ok: true };
  };

  /**
   * Does all calls as they are, which is enough where each is done as a whole or refused by its first write: a savepoint
   * costs a call as much as two writes.
   *
   * @returns undefined where something has to be undone, with the transaction
   */
  const applyBare = (calls: readonly Call[]): (() => void)[] | undefined => {
    try {
      const applied = calls.map(({ writes, resolve }) => ({ result: applyAll(writes), resolve }));
      if (applied.some(({ result }) => !result.ok && result.failed > 0)) return undefined;
      return applied.map(
        ({ result, resolve }) =>
          () =>
            resolve(result),
      );
    } catch {
      return undefined;
    }
  };

  /** Does one call inside the transaction by itself; what it came to is told only after the commit. */
  const applyApart = ({ writes, resolve, reject }: Call): (() => void) => {
    savepoint.run();
    try {
      const result = applyAll(writes);
      if (!result.ok) undo.run();
      release.run();
      return () => resolve(result);
    } catch (error) {
      // Without its transaction (the disk is full, say) SQLite has undone the other calls too.
      if (!database.isTransaction) throw error;
      undo.run();
      release.run();
      return () => reject(error);
    }
  };

  const transact = (calls: readonly Call[]): void => {
    begin.run();
    try {
      const answers = applyBare(calls) ?? again(calls);
      commit.run();
      for (const answer of answers) answer();
    } catch (error) {
      if (database.isTransaction) rollback.run();
      throw error;
    }
  };

  /** Undoes what was done and does it once more, each call by itself: only those fail that have to. */
  const again = (calls: readonly Call[]): (() => void)[] => {
    if (database.isTransaction) rollback.run();
    begin.run();
    return calls.map(applyApart);
  };

  const flush = (): void => {
    const calls = waiting;
    waiting = [];
    const [first] = calls;
    if (!first) return;
    before();
    try {
      // One statement is a transaction by itself.
      if (calls.length === 1 && first.writes.length === 1) first.resolve(applyAll(first.writes));
      else transact(calls);
    } catch (error) {
      for (const { reject } of calls) reject(error);
    }
  };

  return {
    write(writes: readonly Write[]): Promise<WriteResult> {
      return new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ writes, resolve, reject });
      });
    },
    /** Writes what is still waiting; for the end. */
    flush,
  };
}
