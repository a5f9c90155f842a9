import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { sameText } from '../functions/webhook/verify/equal.ts';
import { listen, type WholeRequest } from './listener.ts';

export interface SecretsServer {
  /** For `AWS_ENDPOINT_URL_SECRETS_MANAGER`. */
  readonly url: string;
  readonly port: number;
  /** Makes a secret or gives it a new version. */
  set(name: string, value: string): void;
  delete(name: string): void;
  /** How many calls there have been, of any kind. */
  requests(): number;
  close(): Promise<void>;
}

interface Version {
  readonly id: string;
  /** Seconds since the epoch, as the protocol has its times. */
  readonly createdAt: number;
  readonly value: string;
}

/** An error that the SDK turns into the exception of that name. */
class ServiceError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

const secretId = z.object({ SecretId: z.string().min(1), VersionStage: z.string().optional() });
const put = z.object({ SecretId: z.string().min(1), SecretString: z.string() });
const create = z.object({ Name: z.string().min(1), SecretString: z.string() });

const ARN_PREFIX = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:';

/**
 * Secrets Manager on one machine, as far as the product needs it: AWS's JSON 1.1 protocol, so that the real SDK is
 * pointed at it. Of a signature the access key is checked, where one is given: it is then as good as a password of this
 * process. `secrets` is the store: changing the map changes the secrets.
 */
export async function serveSecrets(
  secrets: Map<string, string>,
  options: { readonly host?: string; readonly port: number; readonly accessKeyId?: string },
): Promise<SecretsServer> {
  const versions = new Map<string, Version>();
  let requests = 0;

  /** The map is the caller's too, so a value that has changed in it is a new version. */
  const current = (id: string): { name: string; version: Version } => {
    const name = id.startsWith(ARN_PREFIX) ? id.slice(ARN_PREFIX.length) : id;
    const value = secrets.get(name);
    if (value === undefined) {
      throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    }
    const known = versions.get(name);
    if (known?.value === value) return { name, version: known };
    const version = { id: randomUUID(), createdAt: Math.floor(Date.now() / 1000), value };
    versions.set(name, version);
    return { name, version };
  };
  const outline = (id: string) => {
    const { name, version } = current(id);
    return { ARN: `${ARN_PREFIX}${name}`, Name: name, CreatedDate: version.createdAt };
  };
  const written = (name: string, value: string) => {
    versions.delete(name);
    secrets.set(name, value);
    return { ...outline(name), VersionId: current(name).version.id, VersionStages: ['AWSCURRENT'] };
  };

  const operations: Readonly<Record<string, (input: unknown) => unknown>> = {
    GetSecretValue(input) {
      const { SecretId, VersionStage = 'AWSCURRENT' } = parsed(secretId, input);
      const { version } = current(SecretId);
      if (VersionStage !== 'AWSCURRENT') {
        throw new ServiceError(
          'ResourceNotFoundException',
          `Secrets Manager can't find the specified secret value for staging label: ${VersionStage}`,
        );
      }
      return {
        ...outline(SecretId),
        SecretString: version.value,
        VersionId: version.id,
        VersionStages: ['AWSCURRENT'],
      };
    },
    PutSecretValue(input) {
      const { SecretId, SecretString } = parsed(put, input);
      return written(current(SecretId).name, SecretString);
    },
    CreateSecret(input) {
      const { Name, SecretString } = parsed(create, input);
      if (secrets.has(Name)) {
        throw new ServiceError('ResourceExistsException', `The secret ${Name} already exists.`);
      }
      return written(Name, SecretString);
    },
    DescribeSecret(input) {
      const { SecretId } = parsed(secretId, input);
      return { ...outline(SecretId), VersionIdsToStages: { [current(SecretId).version.id]: ['AWSCURRENT'] } };
    },
    ListSecrets: () => ({ SecretList: [...secrets.keys()].map(outline) }),
  };

  const answer = (request: WholeRequest): { status: number; body: unknown } => {
    if (!isSignedBy(options.accessKeyId, request.headers.authorization)) {
      return {
        status: 400,
        body: {
          __type: 'UnrecognizedClientException',
          message: 'The security token included in the request is invalid.',
        },
      };
    }
    const target = request.headers['x-amz-target'] ?? '';
    const name = target.replace(/^secretsmanager\./, '');
    try {
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (operation === undefined)
        throw new ServiceError('UnknownOperationException', `No operation ${target}`);
      return { status: 200, body: operation(parsedJson(request.body)) };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return { status: 400, body: { __type: error.type, message: error.message } };
    }
  };

  const listener = await listen(options, async (request, response) => {
    requests += 1;
    const { status, body } = answer(request);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  return {
    url: `http://${options.host ?? '127.0.0.1'}:${listener.port}`,
    port: listener.port,
    set: (name, value) => void secrets.set(name, value),
    delete: (name) => void secrets.delete(name),
    requests: () => requests,
    close: () => listener.close(),
  };
}

/** The access key in Signature Version 4's header: `AWS4-HMAC-SHA256 Credential=<access key>/<date>/…`. */
function isSignedBy(accessKeyId: string | undefined, authorization = ''): boolean {
  if (accessKeyId === undefined) return true;
  const given = /^AWS4-HMAC-SHA256 Credential=([^/\s]{1,128})\//.exec(authorization)?.[1];
  return given !== undefined && sameText(given, accessKeyId);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ServiceError('SerializationException', 'The request is not JSON.');
  }
}

function parsed<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ServiceError('InvalidParameterException', `${issue?.path.join('.')}: ${issue?.message}`);
}
