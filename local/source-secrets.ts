import * as z from 'zod';

/** Secrets of sources come as JSON: `{"okta": ["…"]}`. */
export const sourceSecretsSchema = z
  .preprocess(
    (text) => (typeof text === 'string' ? jsonOf(text) : text),
    z.record(z.string(), z.array(z.string().min(1))),
  )
  .optional();

/** Something in the environment that can't be used, said in one line. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** The sources' secrets as the environment has them. @throws EnvironmentError where they aren't such JSON */
export function readSourceSecrets({
  SOURCE_SECRETS,
}: {
  readonly SOURCE_SECRETS?: string | undefined;
}): Record<string, string[]> {
  const parsed = sourceSecretsSchema.safeParse(SOURCE_SECRETS);
  if (parsed.success) return parsed.data ?? {};
  throw new EnvironmentError('SOURCE_SECRETS is not JSON such as {"okta": ["…"], "okta.fetch": ["…"]}');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
