import { Fn, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { compact } from '../functions/runtime/compact.ts';
import { Domain, type DomainSettings } from './domain.ts';
import { Shield } from './firewall.ts';
import type { Origin } from './origin.ts';

/**
 * Requests a second over all tenants, and how many may come at once. A request with an inline attempt can take 8
 * seconds, so this keeps the functions under the 1,000 concurrent executions that an account starts with. Identity
 * providers send a few tens a second at most and repeat what is answered 429.
 */
const THROTTLE = { rateLimit: 100, burstLimit: 200 };

/**
 * One line of JSON a request: who, what, how it ended, how long it took. No header beside the user agent, no query and
 * no body: filters and bodies carry people's data, headers carry tokens. No path either, since that of a webhook may end
 * in its secret; the route says which door, and the function's own log which tenant and source.
 */
const ACCESS_LOG_FORMAT = {
  requestId: '$context.requestId',
  // The id that the function's own log lines carry.
  functionRequestId: '$context.awsEndpointRequestId',
  time: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  userAgent: '$context.identity.userAgent',
  method: '$context.httpMethod',
  routeKey: '$context.routeKey',
  protocol: '$context.protocol',
  status: '$context.status',
  responseLength: '$context.responseLength',
  responseLatency: '$context.responseLatency',
  integrationStatus: '$context.integrationStatus',
  integrationLatency: '$context.integrationLatency',
  integrationError: '$context.integrationErrorMessage',
  error: '$context.error.message',
};

export interface ApiProps {
  /** A name of the customer's own, which is then the only one. */
  readonly domain?: DomainSettings | undefined;
  /** What CloudFront with a firewall shows, where it stands in front; the domain is then CloudFront's. */
  readonly origin?: Origin | undefined;
}

/** The HTTP API in front of all functions: routes, throttling, access log. */
export class Api extends Construct {
  /** `https://host`, without a slash at the end. */
  readonly url: string;
  readonly id: string;
  readonly #api: HttpApi;

  constructor(scope: Construct, id: string, { domain, origin }: ApiProps = {}) {
    super(scope, id);
    const own = domain === undefined || origin !== undefined ? undefined : new Domain(this, 'Domain', domain);
    this.#api = new HttpApi(this, 'Http', {
      apiName: Fn.join('-', [Fn.ref('AWS::StackName'), 'api']),
      description: 'Front doors of Agent Provisioner',
      createDefaultStage: false,
      // Else mutual TLS would be asked for at one of two doors. CloudFront comes in by this one.
      ...(own && { disableExecuteApiEndpoint: true }),
    });
    if (domain !== undefined && origin !== undefined) {
      new Shield(this, 'Shield', { endpoint: this.#api.apiEndpoint, domain, origin });
    }
    this.url = domain === undefined ? this.#api.apiEndpoint : `https://${domain.name}`;
    this.id = this.#api.apiId;
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // The $default stage has no name in the path: the address is the one that is in the identity provider's settings.
    new HttpStage(this, 'Stage', {
      httpApi: this.#api,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      ...compact({ domainMapping: own && { domainName: own.domainName } }),
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FORMAT)),
      },
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        "Each function authenticates by its tenant's own secrets before it reads a body: bearer tokens, signatures " +
        'of webhooks. An authorizer in front would see no body, would cost an invocation more, and could not answer ' +
        'in the form that the protocol asks for (a SCIM Error).',
    });
  }

  /** Sends what no other route is for to the function of a route. */
  routeOthers(integration: HttpLambdaIntegration): void {
    new HttpRoute(this, 'Others', { httpApi: this.#api, routeKey: HttpRouteKey.DEFAULT, integration });
  }

  /** Sends all methods of these paths to a function; `id` names the integration. */
  route(id: string, target: IFunction, paths: readonly string[]): HttpLambdaIntegration {
    const integration = new HttpLambdaIntegration(id, target, {
      payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
    });
    for (const path of paths) {
      this.#api.addRoutes({ path, methods: [HttpMethod.ANY], integration });
    }
    return integration;
  }
}
