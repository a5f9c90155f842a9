import type { CommandContext } from '../command-context.ts';
import type { Output } from '../output.ts';

/** What a command does; the number is the exit code, nothing is 0. */
export type Action = (context: CommandContext, output: Output) => Promise<number | undefined> | Promise<void>;

/** Runs a command's work with what all commands share; its code is loaded only when it is called. */
export type Perform = (action: Action) => Promise<void>;
