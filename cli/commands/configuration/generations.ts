import {
  type GenerationEntry,
  listGenerations,
  readActive,
} from '../../../functions/tenant/generation/store.ts';
import { type CommandContext, openCommandDirectory } from '../../command-context.ts';
import { type Output, table } from '../../output.ts';

const SHOWN = 20;

/** `generations`: which versions of the configuration there are, of whom and since when; the active one first. */
export async function generations(context: CommandContext, output: Output): Promise<void> {
  const { directory, close } = await openCommandDirectory(context);
  try {
    const active = (await readActive(directory))?.entry;
    const found: GenerationEntry[] = [];
    let more = false;
    for await (const entry of active === undefined ? [] : listGenerations(directory, active)) {
      if (found.length === SHOWN && !output.json) {
        more = true;
        break;
      }
      found.push(entry);
    }
    output.data({
      generations: found.map(({ number, at, by, reason, restores, digest }) => ({
        generation: number,
        active: number === active?.number,
        at,
        by,
        reason,
        restores,
        digest,
      })),
    });
    if (active === undefined) output.line('There is no generation yet; push makes the first.');
    else {
      const rows = found.map(({ number, at, by, reason = '', restores }) => [
        number === active.number ? `${number} active` : String(number),
        at,
        by,
        restores === undefined ? reason : `rolled back to ${restores}${reason === '' ? '' : `: ${reason}`}`,
      ]);
      for (const line of table(['generation', 'since', 'by', 'why'], rows)) output.line(line);
    }
    if (more) output.line(`… and older ones than these ${SHOWN} (--json has all)`);
  } finally {
    close();
  }
}
