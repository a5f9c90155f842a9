/** A bar on standard error while something long is done; silent where that is no terminal. */
export interface Progress {
  advance(by?: number): void;
  /** Takes the bar away. */
  end(): void;
}

/** How far it is: by a number that is known before, or by what share of it is done. */
export interface Extent {
  readonly total?: number;
  /** 0 to 1; undefined while it is not known. */
  share?(): number | undefined;
}

/** Where the bar goes, as far as it is looked at. */
type Screen = Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;

const WIDTH = 30;
const EVERY_MS = 100;

export function startProgress(what: string, extent: Extent, screen: Screen = process.stderr): Progress {
  if (!screen.isTTY) return { advance() {}, end() {} };
  const began = Date.now();
  let done = 0;
  let shownAt = 0;
  let isShown = false;
  const show = () => {
    const seconds = (Date.now() - began) / 1000;
    const { total } = extent;
    const share = total === undefined ? extent.share?.() : total === 0 ? 1 : Math.min(1, done / total);
    const rate = seconds > 0 ? Math.round(done / seconds) : 0;
    const left = share === undefined || share === 0 ? undefined : Math.ceil((seconds / share) * (1 - share));
    const parts = [
      what,
      ...(share === undefined ? [] : ['█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░')]),
      total === undefined ? `${done}` : `${done} of ${total}`,
      `(${rate} a second${left === undefined ? '' : `, ${left} s left`})`,
    ];
    screen.write(`\r${parts.join(' ')}\u001B[K`);
    isShown = true;
  };
  return {
    advance: (by = 1) => {
      done += by;
      if (Date.now() - shownAt < EVERY_MS) return;
      shownAt = Date.now();
      show();
    },
    end: () => {
      if (isShown) screen.write('\r\u001B[K');
      isShown = false;
    },
  };
}
