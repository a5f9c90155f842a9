/** Lines that are written together. */
export interface GatheredLines {
  /** Takes a line, to be written in its order within a blink of an eye. */
  readonly add: (line: string) => void;
  /** Writes what is still waiting; for the end. */
  readonly flush: () => void;
}

/** Sooner than a reader sees; under load hundreds of requests end meanwhile, and each write costs more than a line tells. */
const GATHERED_MS = 50;

/** Lines of a server, which come by the thousand under load. */
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
      if (waiting.length === 0) setTimeout(flush, GATHERED_MS);
      waiting.push(line);
    },
    flush,
  };
}
