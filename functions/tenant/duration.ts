import * as z from 'zod';

/** A length of time as a configuration writes it; in seconds. */
export const duration = (example: string) =>
  z
    .string()
    .regex(/^\d+[smhd]$/, `a number and s, m, h or d, such as ${example}`)
    .transform(
      (value) => Number.parseInt(value, 10) * { s: 1, m: 60, h: 3600, d: 86400 }[value.slice(-1) as 's'],
    );
