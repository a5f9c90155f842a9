import { CfnOutput, Duration, Fn, Stack, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  OriginRequestPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { DomainSettings } from './domain.ts';
import type { Origin } from './origin.ts';

/** Web ACLs of CloudFront live there, wherever the rest is. */
const REGION = 'us-east-1';
const OUTPUT = 'WebAclArn';

/**
 * Requests of one address in five minutes. An identity provider sends everything from a few addresses, and its first
 * synchronisation is the busiest time there is: two thirds of what the API takes at all.
 */
const PER_ADDRESS = 20_000;

/**
 * Rules of AWS's managed groups that count only, because what they look for is what identity providers send. A rule that
 * isn't here blocks.
 */
const COUNT_ONLY: Readonly<Record<string, readonly string[]>> = {
  AWSManagedRulesCommonRuleSet: [
    // A group with its members, a bulk request and a page of events are longer than 8 KB.
    'SizeRestrictions_BODY',
    // A SCIM filter over several attributes, a cursor, a validation token.
    'SizeRestrictions_QUERYSTRING',
    // Several senders of webhooks name no client.
    'NoUserAgent_HEADER',
    // Photos, profile pages and callbacks are addresses, with ports, paths and dots.
    'GenericRFI_BODY',
    'GenericRFI_QUERYARGUMENTS',
    'GenericLFI_BODY',
    'GenericLFI_QUERYARGUMENTS',
    'EC2MetaDataSSRF_BODY',
    'EC2MetaDataSSRF_QUERYARGUMENTS',
    // Quotes and brackets: filters and paths of PATCH, display names, free text of HR systems.
    'CrossSiteScripting_BODY',
    'CrossSiteScripting_QUERYARGUMENTS',
    // Ids in paths are the providers' own and end as they like.
    'RestrictedExtensions_URIPATH',
    'RestrictedExtensions_QUERYARGUMENTS',
  ],
  // Exploits of Log4j, Java and proxies: nothing of an identity provider looks like one.
  AWSManagedRulesKnownBadInputsRuleSet: [],
};

/** The name of the stack that holds the firewall of another. */
export const firewallStackName = (stackName: string) => `${stackName}-firewall`;

/** The web application firewall: a stack of its own, because it has to be in one certain region. */
export class FirewallStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      description: 'Web application firewall in front of Agent Provisioner.',
      env: { region: REGION },
    });
    const metric = (metricName: string) => ({
      cloudWatchMetricsEnabled: true,
      sampledRequestsEnabled: false,
      metricName,
    });
    const managed = Object.entries(COUNT_ONLY).map(([name, counted], priority) => ({
      name,
      priority,
      overrideAction: { none: {} },
      statement: {
        managedRuleGroupStatement: {
          vendorName: 'AWS',
          name,
          ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
        },
      },
      visibilityConfig: metric(name),
    }));
    const flood = {
      name: 'Flood',
      priority: managed.length,
      action: { block: {} },
      statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit: PER_ADDRESS } },
      visibilityConfig: metric('Flood'),
    };
    const acl = new CfnWebACL(this, 'WebAcl', {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      rules: [...managed, flood],
      // Samples of requests would hold queries and headers: people's data and tokens.
      visibilityConfig: metric('AgentProvisioner'),
    });
    new CfnOutput(this, OUTPUT, { description: 'ARN of the web ACL', value: acl.attrArn });
  }
}

/**
 * Answers that CloudFront keeps for ten seconds and gives to other callers, whatever the origin says, unless it is told not
 * to: a function's 503, and the 404 of a person who is made a moment later.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
 */
const ERRORS = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

export interface ShieldProps {
  /** The API's own endpoint, `https://host`. */
  readonly endpoint: string;
  readonly domain: DomainSettings;
  readonly origin: Origin;
}

/** CloudFront in front of the API, with the firewall of `FirewallStack`. It keeps nothing: each request goes through. */
export class Shield extends Construct {
  constructor(scope: Construct, id: string, { endpoint, domain, origin }: ShieldProps) {
    super(scope, id);
    const { stackName } = Stack.of(this);
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Agent Provisioner',
      defaultBehavior: {
        origin: new HttpOrigin(Fn.select(2, Fn.split('/', endpoint)), { customHeaders: origin.headers }),
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        // Signatures are over headers and query as they were sent. The host is the API's, by which it knows itself.
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        compress: false,
      },
      errorResponses: ERRORS.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      webAclId: Fn.getStackOutput(firewallStackName(stackName), OUTPUT, REGION),
      domainNames: [domain.name],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificate),
    });
    new CfnOutput(this, 'Target', {
      description: `What the DNS record of ${domain.name} has to lead to (CNAME or alias)`,
      value: distribution.distributionDomainName,
    }).overrideLogicalId('DomainTarget');
    acknowledge(distribution);
  }
}

function acknowledge(distribution: Distribution): void {
  Validations.of(distribution).acknowledge(
    {
      id: 'AwsSolutions-CFR1',
      reason:
        'Identity providers call from wherever their clouds are; where people may be says nothing of it.',
    },
    {
      id: 'AwsSolutions-CFR3',
      reason:
        "CloudFront's log would hold the query, and filters carry people's data. The access log of the API has each " +
        'request that gets through, and the firewall counts the others by rule.',
    },
  );
}
