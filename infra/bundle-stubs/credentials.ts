/**
 * Takes the place of @aws-sdk/credential-provider-node in the functions' bundles. Lambda gives a function its
 * credentials in environment variables; the chain that also looks into profiles, single sign-on, containers and
 * instance metadata would be a quarter of a bundle, loaded at each cold start and never used.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export const defaultProvider = () => async () => ({
  accessKeyId: variable('AWS_ACCESS_KEY_ID'),
  secretAccessKey: variable('AWS_SECRET_ACCESS_KEY'),
  sessionToken: variable('AWS_SESSION_TOKEN'),
});

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new Error(`${name} is not set: this code runs in AWS Lambda`);
  return value;
}
