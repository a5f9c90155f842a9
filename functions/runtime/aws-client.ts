/**
 * How every client of the AWS SDK waits. Without it a connection that hangs is waited for without end, and
 * `requestTimeout` alone only warns. Calls to DynamoDB, SQS and Secrets Manager take some 10 ms; three attempts end within
 * about five seconds, so that a front door still answers 503 in time.
 */
export const AWS_CLIENT = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_500, throwOnRequestTimeout: true },
} as const;
