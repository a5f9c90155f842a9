import { isDeepStrictEqual } from 'node:util';
import type { FormerHold } from '../../../functions/operate/former-sources.ts';
import type { Foreseen } from '../../../functions/provision/forecast.ts';
import { isSetAtCreationOnly, rowOfKey } from '../../../functions/smartassist/fields.ts';
import { counted, type Output, table, valueText } from '../../output.ts';
import { showHold } from './former-sources.ts';
import type { LookedAhead } from './look-ahead.ts';
import { changeLines, failureLines, PlanGroups } from './plan-groups.ts';

/** People see as many persons as these a kind; programs get all. */
const SHOWN = 20;

/** Shows persons while they are looked at, and counts those left out. */
export class PlanText {
  readonly #output: Output;
  readonly #shown = new Map<string, number>();
  readonly #groups = new PlanGroups();

  constructor(output: Output) {
    this.#output = output;
  }

  readonly each = (foreseen: Foreseen, clear: () => void): void => {
    const { of: _, reason: __, rules: ___, failed: ____, ...said } = foreseen;
    this.#output.row(said);
    this.#groups.add(foreseen);
    const already = this.#shown.get(foreseen.effect) ?? 0;
    this.#shown.set(foreseen.effect, already + 1);
    if (already >= SHOWN || this.#output.json) return;
    clear();
    show(foreseen, this.#output);
  };

  /** @param within over how many seconds the brake counts */
  end({ outlook, isBeforeUnknown, held }: LookedAhead, within: number): void {
    showHeld(held, this.#output);
    const { failures, changes } = this.#groups.end();
    if (failures.length + changes.fields.length > 0) this.#output.row({ groups: { failures, changes } });
    this.#output.row({ outlook });
    summarise(outlook, { shown: this.#shown, isBeforeUnknown, within }, this.#output);
    if (failures.length > 0) this.#output.line(this.#output.paint('bold', 'Failures, most first:'));
    for (const line of failureLines(failures)) this.#output.line(line);
    for (const line of changeLines(changes)) this.#output.line(line);
  }
}

function showHeld(held: LookedAhead['held'], output: Output): void {
  if (held.size === 0) return;
  const names = (is: keyof FormerHold) =>
    Object.fromEntries(
      [...held].flatMap(([source, hold]) =>
        hold[is].length === 0 ? [] : [[source, hold[is].map(({ userName }) => userName)]],
      ),
    );
  output.row({ held: names('out'), deleted: names('gone') });
  for (const [source, hold] of held) showHold(source, hold, output);
}

function show(
  { effect, userName, fields = {}, kept = [], problems = [], dates = [], warnings = [] }: Foreseen,
  output: Output,
): void {
  const styles = {
    create: 'green',
    change: 'yellow',
    resume: 'green',
    suspend: 'magenta',
    remove: 'red',
    fail: 'red',
  } as const;
  const style = styles[effect as keyof typeof styles];
  output.line(output.paint(style, effect.padEnd(8)), ` ${userName}`);
  for (const [field, { from, to }] of Object.entries(fields)) {
    output.line(`         ${field}: ${changeText(from, to)}${fixedText(field, kept)}`);
  }
  if (effect === 'change' && Object.keys(fields).length === 0)
    output.line('         (in what, is not known)');
  for (const problem of problems) output.line(`         ${problem}`);
  for (const date of dates) output.line(`         By date: ${date}`);
  for (const warning of warnings) output.line(`         Warning: ${warning}`);
}

/** What keeps a change of a field from an agent that is there. */
function fixedText(field: string, kept: readonly string[]): string {
  const row = rowOfKey(field);
  if (row !== undefined && isSetAtCreationOnly(row)) return '; set at creation only';
  return kept.includes(field) ? "; SmartAssist's stays (ownership: initial)" : '';
}

/** What becomes of a field; of a list only the entries that go and come. */
function changeText(from: unknown, to: unknown): string {
  if (!Array.isArray(from) || !Array.isArray(to)) return `${valueText(from)} → ${valueText(to)}`;
  const without = (list: unknown[], others: unknown[]) =>
    list.filter((entry) => !others.some((other) => isDeepStrictEqual(entry, other))).map(valueText);
  const parts = [
    ...without(from, to).map((entry) => `− ${entry}`),
    ...without(to, from).map((entry) => `+ ${entry}`),
  ];
  return parts.length === 0 ? 'in another order' : parts.join(', ');
}

function summarise(
  { persons, effects, calls, minutes, brake, seats }: LookedAhead['outlook'],
  seen: {
    readonly shown: ReadonlyMap<string, number>;
    readonly isBeforeUnknown: boolean;
    /** Over how many seconds the brake counts. */
    readonly within: number;
  },
  output: Output,
): void {
  for (const [effect, number] of seen.shown) {
    if (number > SHOWN) output.line(`… and ${number - SHOWN} more to ${effect} (--json shows all)`);
  }
  if (seen.shown.size > 0) output.line();
  const rows = Object.entries(effects).map(([effect, number]) => [effect, String(number)]);
  for (const line of table(['effect', 'persons'], rows)) output.line(line);
  output.line();
  if (seen.isBeforeUnknown && effects.change > 0) {
    output.line(
      'Changes are not shown by field: the configuration in force is noted once provisioning has run.',
    );
  }
  output.line(
    `${counted(persons, 'person')}, ${counted(calls, 'call')} at the most, about ${counted(minutes, 'minute')}.`,
  );
  if (seats !== undefined) {
    const line = `${seats.inService} of ${counted(seats.of, 'seat')} are taken; ${counted(seats.waiting, 'person')} would wait for one.`;
    output.line(seats.waiting > 0 ? output.paint('yellow', line) : line);
  }
  const leaving = `${brake.leaving} would leave service, ${brake.lets} may within ${counted(Math.round(seen.within / 60), 'minute')}`;
  if (brake.engaged) {
    output.line(output.paint('red', 'The brake holds already: leavers wait until somebody decides.'));
  } else if (brake.engages) output.line(output.paint('red', `The brake would hold: ${leaving}.`));
  else output.line(`The brake lets it through: ${leaving}.`);
}
