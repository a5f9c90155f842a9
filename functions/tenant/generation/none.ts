/** What is said as long as the directory holds no generation of the configuration. */
export const NO_GENERATION =
  'No configuration is active yet: npm run deploy activates one, or agent-provisioner push.';
