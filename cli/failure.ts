import { errorText } from '../functions/runtime/error-text.ts';

/** Something that ends a command, said in words for the operator who typed it. Exit code 2: the command could not do its work. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
}

/** What a command found is not as it should be: its output says what. */
export const EXIT_FINDINGS = 1;
/** The command could not do its work: wrong arguments, no file, no connection. */
export const EXIT_FAILURE = 2;

/** Of `plan --detailed-exitcode`, which is as other tools have it: 0 nothing would change, 1 an error, 2 changes. */
export const EXIT_ERROR = 1;
export const EXIT_CHANGES = 2;

/** Errors whose message is meant for people: ours, by their names, so that none of their code has to be loaded. */
const SPEAKING = new Set([
  'CommandFailure',
  'ConfigurationError',
  'DirectoryBusyError',
  'DirectoryVersionError',
  'EnvironmentError',
  'OperateError',
  'ScimInputError',
  'SecretError',
]);

/** What is said about an error that ended a command; an unforeseen one is said with its stack. */
export function failureText(error: unknown): string {
  if (!(error instanceof Error)) return errorText(error);
  if (SPEAKING.has(error.name)) return error.message;
  const { code, $metadata } = error as { code?: unknown; $metadata?: unknown };
  if (code === 'ERR_SQLITE_ERROR') return `the directory can not be used: ${error.message}`;
  const missing = missingPermission(error);
  if (missing !== undefined) return missing;
  if (error.name === 'QueryError') return `AWS: ${error.message}`;
  // Of the AWS SDK: no such table, no permission, no credentials.
  if ($metadata !== undefined || error.name === 'CredentialsProviderError') return `AWS: ${error.message}`;
  return error.stack ?? error.message;
}

/** Which permission of AWS is missing, of an error that says so. */
function missingPermission({ name, message }: Error): string | undefined {
  if (!/^(AccessDenied|UnauthorizedOperation|NotAuthorized|QueryError)/.test(name)) return undefined;
  const [, caller, action, resource] =
    /User: (\S+) is not authorized to perform: (\S+)(?: on resource: (\S+))?/.exec(message) ?? [];
  if (action === undefined) return undefined;
  const on = resource === undefined ? '' : ` on ${resource}`;
  return `AWS: ${caller} lacks the permission ${action}${on}; docs/commands.md lists what each command takes (Permissions on AWS)`;
}
