/** Of the schema of provisioner.yaml: what infrastructure is made of. It changes with a deployment, and `push` refuses it. */
export const DEPLOYED_MARK = 'x-deployed';
/** The value itself. */
export const DEPLOYED = { [DEPLOYED_MARK]: 'value' } as const;
/** Which keys there are; what is below them may change all the same. */
export const DEPLOYED_KEYS = { [DEPLOYED_MARK]: 'keys' } as const;
