/** The message of whatever was thrown, for a log line or a stored reason. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Name, message and where it was thrown, for the log of a failure of our own. */
export function errorTrace(error: unknown): string {
  return error instanceof Error
    ? `${error.name}: ${error.stack ?? error.message}`
    : 'something that is no Error was thrown';
}
