/** What happened in a seed, line by line. Nothing is kept unless it is asked for. */
export interface Trace {
  /** The text is made only when it is kept. */
  note(who: string, what: string | (() => string)): void;
  readonly lines: readonly string[];
}

export const noTrace: Trace = { note() {}, lines: [] };

/** Each line begins with the true time of the simulated day. */
export function keptTrace(now: () => number): Trace {
  const lines: string[] = [];
  return {
    lines,
    note: (who, what) => {
      const time = new Date(now()).toISOString().slice(11, 23);
      lines.push(`${time}  ${who.padEnd(10)}  ${typeof what === 'string' ? what : what()}`);
    },
  };
}
