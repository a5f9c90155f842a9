import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { failureText } from '../../cli/failure.ts';
import { QueryError } from '../../functions/runtime/aws-query.ts';

/** As IAM words it: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
const denied = (action: string) =>
  `User: arn:aws:sts::111122223333:assumed-role/operators/grace is not authorized to perform: ${action} on resource: arn:aws:x because no identity-based policy allows the ${action} action`;

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });
}

it.each([
  ['the SDK', (message: string) => named('AccessDeniedException', message)],
  ['a signed query', (message: string) => new QueryError(message)],
])('a permission that is missing is named with its resource: by %s', (_, errorOf) => {
  const text = failureText(errorOf(denied('dynamodb:Query')));
  expect(text).toMatch(
    /^AWS: arn:aws:sts::\d+:assumed-role\/operators\/grace lacks the permission dynamodb:Query on arn:aws:x; docs\/commands\.md/,
  );
  expect(text).not.toContain('\n');
  expect(readFileSync('docs/commands.md', 'utf8')).toContain('## Permissions on AWS');
});

it('another refusal of AWS is said without a stack', () => {
  expect(failureText(new QueryError('Stack with id x does not exist'))).toBe(
    'AWS: Stack with id x does not exist',
  );
});
