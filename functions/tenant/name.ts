/** What tenants, sources and webhooks are called. */
export const TENANT_NAME = /^[a-z][a-z0-9-]{0,31}$/;
export const NAME_RULE = 'lower-case letters, digits and dashes, 32 at most';
