/** A bar on standard error while something long is done; silent where that is no terminal. */
export interface Progress {
  advance(by?: number): void;
  /** Takes the bar away. */
  end(): void;
}

const WIDTH = 30;
const EVERY_MS = 100;

/**
 * @param total how many there will be; undefined when nobody knows
 */
export function startProgress(what: string, total: number | undefined): Progress {
  const { stderr } = process;
  if (!stderr.isTTY) return { advance() {}, end() {} };
  const began = Date.now();
  let done = 0;
  let shownAt = 0;
  const show = () => {
    const seconds = (Date.now() - began) / 1000;
    const rate = seconds > 0 ? done / seconds : 0;
    const share = total === undefined || total === 0 ? 0 : Math.min(1, done / total);
    const bar = total === undefined ? '' : `${'█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░')} `;
    const left = total === undefined || rate === 0 ? '' : `, ${Math.ceil((total - done) / rate)} s left`;
    stderr.write(
      `\r${what} ${bar}${done}${total === undefined ? '' : ` of ${total}`} (${Math.round(rate)} a second${left})\u001B[K`,
    );
  };
  return {
    advance: (by = 1) => {
      done += by;
      if (Date.now() - shownAt < EVERY_MS) return;
      shownAt = Date.now();
      show();
    },
    end: () => void stderr.write('\r\u001B[K'),
  };
}
