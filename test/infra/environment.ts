/** What a bundle finds in its environment on Lambda, and nothing of this machine's. @param asset the folder that it is in */
export const environmentOf = (asset: string): Record<string, string> => ({
  TABLE_NAME: 'table',
  SECRETS_PREFIX: 'agent-provisioner/default',
  METRICS_NAMESPACE: 'AgentProvisioner',
  QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/000000000000/doorbell.fifo',
  LAMBDA_TASK_ROOT: asset,
  AWS_REGION: 'eu-central-1',
});
