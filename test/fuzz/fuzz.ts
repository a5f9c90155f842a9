import { memoryUsage, threadCpuUsage } from 'node:process';
import { dice } from '../simulation/dice.ts';
import { mutated } from './mutate.ts';
import type { Cost, Target } from './target.ts';

/** What an input may take: some, and more for each kilobyte of it. Of processor time, since the machine has other work. */
const BOUNDS: Cost = { milliseconds: 500, megabytes: 64 };
const A_KILOBYTE: Cost = { milliseconds: 1, megabytes: 0.1 };
const KILOBYTE = 1_024;
const MEGABYTE = KILOBYTE * KILOBYTE;
/** A measurement is taken again before it is believed: collecting garbage of others is no fault of an input. */
const MEASUREMENTS = 3;

export interface Finding {
  readonly target: string;
  /** The number of the input, which with the seed makes it again. */
  readonly number: number;
  readonly what: string;
  readonly input: string;
}

export interface FuzzReport {
  readonly inputs: number;
  readonly findings: readonly Finding[];
  readonly longestInput: number;
  readonly largestMegabytes: number;
  readonly slowestMilliseconds: number;
}

export interface FuzzOptions {
  readonly seed: number;
  readonly inputs: number;
  /** What an input of no length may take. */
  readonly bounds?: Cost;
  /** Inputs have so many characters at most. */
  readonly longest?: number;
  /** The number of the first input. */
  readonly from?: number;
  readonly progress?: (done: number) => void;
}

/** Makes inputs and gives them to the targets in turn. An input is made by seed and number alone. */
export async function fuzz(
  targets: readonly Target[],
  { seed, inputs, longest, bounds = BOUNDS, from = 0, progress }: FuzzOptions,
): Promise<FuzzReport> {
  const findings: Finding[] = [];
  const most = { input: 0, megabytes: 0, milliseconds: 0 };
  for (let number = from; number < from + inputs; number += 1) {
    const { target, input } = inputOf(targets, seed, number, longest);
    const tried = await attempt(target, input, bounds);
    if ('what' in tried) findings.push({ target: target.name, number, what: tried.what, input });
    else {
      most.megabytes = Math.max(most.megabytes, tried.megabytes);
      most.milliseconds = Math.max(most.milliseconds, tried.milliseconds);
    }
    most.input = Math.max(most.input, input.length);
    progress?.(number - from + 1);
  }
  return {
    inputs,
    findings,
    longestInput: most.input,
    largestMegabytes: most.megabytes,
    slowestMilliseconds: most.milliseconds,
  };
}

export function inputOf(
  targets: readonly Target[],
  seed: number,
  number: number,
  longest?: number,
): { readonly target: Target; readonly input: string } {
  const target = targets[number % targets.length];
  if (target === undefined) throw new Error('there is nothing to give inputs to');
  return { target, input: mutated(target.seeds, dice(Math.imul(seed, 0x9e3779b1) ^ number), longest) };
}

/** What an input costs at the least, or what is wrong with how it was taken. */
async function attempt(
  target: Target,
  input: string,
  bounds: Cost,
): Promise<Cost | { readonly what: string }> {
  const kilobytes = input.length / KILOBYTE;
  const { aKilobyte = A_KILOBYTE } = target;
  const mayTake = {
    milliseconds: bounds.milliseconds + aKilobyte.milliseconds * kilobytes,
    megabytes: bounds.megabytes + aKilobyte.megabytes * kilobytes,
  };
  let cost: Cost = { milliseconds: Number.POSITIVE_INFINITY, megabytes: Number.POSITIVE_INFINITY };
  for (let measurement = 0; measurement < MEASUREMENTS; measurement += 1) {
    try {
      const measured = await costOf(() => target.take(input));
      cost = {
        milliseconds: Math.min(cost.milliseconds, measured.milliseconds),
        megabytes: Math.min(cost.megabytes, measured.megabytes),
      };
    } catch (error) {
      return {
        what: error instanceof Error ? `${error.name}: ${error.message.slice(0, 500)}` : String(error),
      };
    }
    if (cost.milliseconds <= mayTake.milliseconds && cost.megabytes <= mayTake.megabytes) return cost;
  }
  const { milliseconds, megabytes } = cost;
  return {
    what: `took ${milliseconds.toFixed()} ms and ${megabytes.toFixed()} MB for ${input.length} characters`,
  };
}

async function costOf(work: () => unknown): Promise<Cost> {
  const memoryBefore = memoryUsage();
  const before = threadCpuUsage();
  await work();
  const { user, system } = threadCpuUsage(before);
  const after = memoryUsage();
  const grown = (name: 'heapUsed' | 'external') => Math.max(0, after[name] - memoryBefore[name]);
  return {
    milliseconds: (user + system) / 1_000,
    megabytes: (grown('heapUsed') + grown('external')) / MEGABYTE,
  };
}
