/** Lines that are written together. */
export interface GatheredLines {
  /** Takes a line, to be written in its order once this turn of the event loop ends. */
  readonly add: (line: string) => void;
  /** Writes what is still waiting; for the end. */
  readonly flush: () => void;
}

/** Under load many requests end in one turn of the event loop, and each write of its own costs more than a line tells. */
export function gatherLines(write: (text: string) => void): GatheredLines {
  let waiting: string[] = [];
  const flush = (): void => {
    if (waiting.length === 0) return;
    const text = waiting.join('\n');
    waiting = [];
    write(text);
  };
  return {
    add: (line) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push(line);
    },
    flush,
  };
}
