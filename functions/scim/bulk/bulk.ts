import { ringingOnce } from '../../provision/services.ts';
import { compact } from '../../runtime/compact.ts';
import { correlationId } from '../../runtime/correlation.ts';
import type { ScimContext } from '../context.ts';
import { errorBody, ScimError } from '../http/error.ts';
import { failureOf } from '../http/failure.ts';
import type { ScimRequest } from '../http/request.ts';
import type { ScimResponse } from '../http/response.ts';
import { type BulkOperation, readBulkOperation, readBulkRequest } from './message.ts';
import { circular, referencesIn, resolved } from './reference.ts';

const RESPONSE_URN = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

/** SmartAssist is waited for in a bulk request of at most so many operations; of more the drain does it. */
const AWAITED_OPERATIONS = 20;
/** A result says where something is and not what it looks like, so nothing is read for it. */
const ID_ALONE: ReadonlyMap<string, string> = new Map([['attributes', 'id']]);

/** How one operation is done: as the request that it stands for. */
export type Route = (context: ScimContext, request: ScimRequest) => Promise<ScimResponse> | ScimResponse;

interface Result {
  readonly method?: string;
  readonly bulkId?: string;
  readonly version?: string;
  readonly location?: string;
  readonly status: string;
  readonly response?: unknown;
}

/**
 * `POST /Bulk` (RFC 7644 section 3.7): operations one after the other, those first that others refer to by bulkId. One
 * that fails doesn't hold up the others, unless `failOnErrors` says so; circles of references are refused (409).
 *
 * @throws ScimError 413 for too many operations
 * @throws ScimInputError for what is no bulk request
 */
export async function doBulk(
  context: ScimContext,
  request: ScimRequest,
  route: Route,
): Promise<ScimResponse> {
  const { failOnErrors, operations } = readBulkRequest(request.body);
  const results = await ringingOnce(context.services, (services) =>
    new Bulk({ ...context, services }, request, route, operations).run(failOnErrors),
  );
  return { status: 200, body: { schemas: [RESPONSE_URN], Operations: results } };
}

class Bulk {
  readonly #context: ScimContext;
  readonly #request: ScimRequest;
  readonly #route: Route;
  /** Each operation, or why it isn't one. */
  readonly #operations: readonly (BulkOperation | ScimError)[];
  /** Which operation creates what a bulkId stands for. */
  readonly #creators = new Map<string, number>();
  readonly #references = new Map<number, ReadonlySet<string>>();
  readonly #ids = new Map<string, string>();
  readonly #results = new Map<number, Result>();
  #errors = 0;

  constructor(context: ScimContext, request: ScimRequest, route: Route, operations: readonly unknown[]) {
    this.#context = context;
    this.#request = {
      ...request,
      query: ID_ALONE,
      ifNoneMatch: undefined,
      deadline: operations.length > AWAITED_OPERATIONS ? undefined : request.deadline,
    };
    this.#route = route;
    this.#operations = operations.map((operation, index) => this.#read(operation, index));
  }

  #read(sent: unknown, index: number): BulkOperation | ScimError {
    try {
      const operation = readBulkOperation(sent, this.#request.tenantName);
      const { method, bulkId } = operation;
      if (method === 'POST' && bulkId !== undefined) {
        if (this.#creators.has(bulkId)) return invalid(`The bulkId "${bulkId.slice(0, 80)}" is used twice.`);
        this.#creators.set(bulkId, index);
      }
      this.#references.set(index, referencesIn(operation));
      return operation;
    } catch (error) {
      return this.#failure(error);
    }
  }

  async run(failOnErrors: number): Promise<Result[]> {
    const circles = circular(
      new Map([...this.#references].map(([index, names]) => [index, this.#creatorsOf(names)])),
    );
    for (const [index] of this.#operations.entries()) {
      await this.#do(index, failOnErrors, circles);
    }
    return [...this.#results.entries()].sort(([a], [b]) => a - b).map(([, result]) => result);
  }

  #creatorsOf(bulkIds: ReadonlySet<string>): Set<number> {
    return new Set([...bulkIds].flatMap((bulkId) => this.#creators.get(bulkId) ?? []));
  }

  /** Does an operation, after those that it refers to, unless it is done or there were too many errors. */
  async #do(index: number, failOnErrors: number, circles: ReadonlySet<number>): Promise<void> {
    const operation = this.#operations[index];
    if (operation === undefined || this.#results.has(index) || this.#errors >= failOnErrors) return;
    if (operation instanceof ScimError) return await this.#note(index, undefined, operation);
    if (circles.has(index)) {
      return await this.#note(
        index,
        operation,
        new ScimError(
          409,
          'The operation refers to itself, by way of others: circular bulkIds are not resolved.',
        ),
      );
    }
    for (const creator of this.#creatorsOf(this.#references.get(index) ?? new Set())) {
      await this.#do(creator, failOnErrors, circles);
    }
    if (this.#errors >= failOnErrors) return;
    try {
      const { method, segments, data, version } = resolved(operation, (bulkId) => this.#idOf(bulkId));
      if (this.#context.services.clock.now() > this.#request.until) {
        throw new ScimError(503, 'There was no time left for this operation; send it again.');
      }
      const request = { ...this.#request, method, segments, body: data, ifMatch: version };
      const { status, headers = {}, body } = await this.#route(this.#context, request);
      const { id } = (body ?? {}) as { id?: string };
      if (operation.bulkId !== undefined && id !== undefined) this.#ids.set(operation.bulkId, id);
      const location = headers.location ?? this.#locationOf(segments);
      this.#results.set(index, {
        method,
        ...compact({ bulkId: operation.bulkId, version: headers.etag, location }),
        status: String(status),
      });
    } catch (error) {
      await this.#note(index, operation, this.#failure(error));
    }
  }

  #idOf(bulkId: string): string {
    const id = this.#ids.get(bulkId);
    if (id !== undefined) return id;
    const name = bulkId.slice(0, 80);
    throw this.#creators.has(bulkId)
      ? new ScimError(409, `What the operation refers to was not created: bulkId "${name}".`)
      : invalid(`No POST of this request has the bulkId "${name}".`);
  }

  #failure(error: unknown): ScimError {
    return failureOf(error, this.#context.services, this.#request.tenantName);
  }

  async #note(index: number, operation: BulkOperation | undefined, error: ScimError): Promise<void> {
    this.#errors += 1;
    const { tenantName, userAgent } = this.#request;
    const { method = 'POST', segments = ['Bulk'], data } = operation ?? {};
    await this.#context.rejections.add(tenantName, { method, segments, body: data, userAgent }, error);
    const location = operation && this.#locationOf(operation.segments);
    this.#results.set(index, {
      ...compact({
        method: operation?.method,
        bulkId: operation?.bulkId,
        location,
      }),
      status: String(error.status),
      response: errorBody(error, correlationId() ?? 'none'),
    });
  }

  /** RFC 7644 section 3.7.3: there is one for everything but a POST that failed. */
  #locationOf([endpoint = '', id]: readonly string[]): string | undefined {
    if (id === undefined) return undefined;
    const name = endpoint.toLowerCase() === 'groups' ? 'Groups' : 'Users';
    return `${this.#request.baseUrl}/${name}/${encodeURIComponent(id)}`;
  }
}

function invalid(detail: string): ScimError {
  return new ScimError(400, detail, { scimType: 'invalidValue' });
}
