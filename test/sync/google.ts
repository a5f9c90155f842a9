import { generateKeyPairSync } from 'node:crypto';

/** The key file of a service account that may read a directory of Google's. */
export const KEY_FILE = JSON.stringify({
  client_email: 'reader@acme.iam.test',
  private_key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }),
  token_uri: 'https://admin.googleapis.com/token',
});
