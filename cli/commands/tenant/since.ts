import { CommandFailure } from '../../failure.ts';

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * From when on, in ISO 8601, what an operator asks for by a time or by a span until now.
 *
 * @throws CommandFailure for what is neither
 */
export function sinceOf(text: string, now: number): string {
  const [, number, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const at = number === undefined ? Date.parse(text) : now - Number(number) * (UNITS_MS[unit] ?? 0);
  if (Number.isFinite(at)) return new Date(at).toISOString();
  throw new CommandFailure(
    `--since ${text}: a time such as 2026-11-26T08:00:00Z or a span such as 24h or 7d is right`,
  );
}
