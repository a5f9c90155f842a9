import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ORIGIN_HEADER } from '../../functions/runtime/origin.ts';
import { FirewallStack } from '../../infra/firewall.ts';
import { permissionsOf } from './statements.ts';
import { resourceOf, resourcesOf, SEVERAL_TENANTS, type Synthesis, synthesise } from './synthesis.ts';

const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c';
const DOMAIN = { domain: 'scim.example.com', certificate: CERTIFICATE };

/** Synthesises once for the tests of one option. */
function withContext(context: Readonly<Record<string, string>>): () => Synthesis {
  let synthesis: Synthesis;
  beforeAll(() => {
    synthesis = synthesise(SEVERAL_TENANTS, context);
  });
  it('gives the rules of both packs nothing to find', () => expect(findings(synthesis.stack)).toEqual([]));
  return () => synthesis;
}

function findings(stack: Stack): string[] {
  return [new AwsSolutionsChecks(), new ServerlessChecks()].flatMap((pack) =>
    pack
      .validateScope(stack)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
      ),
  );
}

describe('a domain of the customer', () => {
  const own = withContext(DOMAIN);

  it('is the only way in, by TLS 1.2 and the certificate given', () => {
    own().template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: 'scim.example.com',
      DomainNameConfigurations: [
        { CertificateArn: CERTIFICATE, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
      ],
      MutualTlsAuthentication: Match.absent(),
    });
    own().template.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true });
    own().template.hasResourceProperties('AWS::ApiGatewayV2::ApiMapping', { Stage: '$default' });
  });

  it('is in the addresses that the outputs name, with what its DNS record has to lead to', () => {
    const { ScimUrl, DomainTarget } = own().template.toJSON().Outputs;
    expect(ScimUrl.Value).toBe('https://scim.example.com/{tenant}/scim/v2');
    expect(DomainTarget.Value['Fn::GetAtt'][1]).toBe('RegionalDomainName');
  });
});

describe('mutual TLS', () => {
  const mutual = withContext({ ...DOMAIN, trustStore: 's3://my-bucket/ca/trust.pem?versionId=v1.2' });

  it('trusts who is in the trust store, in that version', () => {
    mutual().template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      MutualTlsAuthentication: {
        TruststoreUri: 's3://my-bucket/ca/trust.pem',
        TruststoreVersion: 'v1.2',
      },
    });
  });

  it('leaves no door beside it', () => {
    mutual().template.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true });
  });
});

describe('CloudFront with a firewall', () => {
  const shielded = withContext({ ...DOMAIN, firewall: 'on' });
  const outdir = mkdtempSync(join(tmpdir(), 'provisioner-infra-'));
  afterAll(() => rmSync(outdir, { recursive: true }));
  const firewall = () => {
    const app = new App({ outdir, analyticsReporting: false });
    return new FirewallStack(app, 'AgentProvisioner-firewall');
  };

  it('lets every method through and keeps no answer', () => {
    shielded().template.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        Aliases: ['scim.example.com'],
        DefaultCacheBehavior: {
          AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
          // AWS's own policies: CachingDisabled, AllViewerExceptHostHeader.
          CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
          OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
          ViewerProtocolPolicy: 'https-only',
        },
        ViewerCertificate: { AcmCertificateArn: CERTIFICATE, MinimumProtocolVersion: 'TLSv1.2_2021' },
        WebACLId: {
          'Fn::GetStackOutput': {
            StackName: 'AgentProvisioner-firewall',
            OutputName: 'WebAclArn',
            Region: 'us-east-1',
          },
        },
      },
    });
    expect(shielded().template.toJSON().Outputs.ScimUrl.Value).toBe(
      'https://scim.example.com/{tenant}/scim/v2',
    );
  });

  it('keeps no error either, not for the ten seconds that it does by itself', () => {
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
    const { CustomErrorResponses } = distributionOf(shielded());
    expect(CustomErrorResponses).toEqual(
      [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504].map((ErrorCode) => ({
        ErrorCode,
        ErrorCachingMinTTL: 0,
      })),
    );
  });

  it('is the only way in: it shows the functions what the template does not hold', () => {
    const { id } = resourceOf(shielded().template, 'AWS::SecretsManager::Secret', 'Origin');
    const value = {
      'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: id }, ':SecretString:::}}']],
    };
    const [{ OriginCustomHeaders }] = distributionOf(shielded()).Origins;
    expect(OriginCustomHeaders).toEqual([{ HeaderName: ORIGIN_HEADER, HeaderValue: value }]);
    for (const name of ['Scim', 'Webhook']) {
      expect(environmentOf(shielded(), name)).toMatchObject({
        PUBLIC_HOST: 'scim.example.com',
        ORIGIN_KEY: value,
        ORIGIN_DOOR: 'closed',
      });
    }
    for (const name of ['Drain', 'Census']) {
      expect(environmentOf(shielded(), name)).not.toHaveProperty('ORIGIN_KEY');
    }
  });

  it('leaves the other way open where it is told to, as while senders change over', () => {
    const open = synthesise(SEVERAL_TENANTS, { ...DOMAIN, firewall: 'open' });
    expect(environmentOf(open, 'Scim')).toMatchObject({ ORIGIN_DOOR: 'open' });
    expect(findings(open.stack)).toEqual([]);
  });

  // Checked against CloudFormation's own rules, which takes most of the time.
  it('has its rules in a stack of the one region that CloudFront takes them from', {
    timeout: 120_000,
  }, () => {
    const stack = firewall();
    expect(stack.region).toBe('us-east-1');
    const { Outputs, Resources } = Template.fromStack(stack).toJSON();
    expect(Object.keys(Outputs)).toEqual(['WebAclArn']);
    expect(Object.values(Resources).map((each) => (each as { Type: string }).Type)).toEqual([
      'AWS::WAFv2::WebACL',
    ]);
    expect(findings(firewall())).toEqual([]);
  });

  it('only counts what identity providers send: long bodies, addresses, filters, no client named', () => {
    const { Properties } = resourceOf(Template.fromStack(firewall()), 'AWS::WAFv2::WebACL');
    const counted = Properties.Rules.flatMap(
      ({ Statement }: { Statement: { ManagedRuleGroupStatement?: { RuleActionOverrides?: Override[] } } }) =>
        Statement.ManagedRuleGroupStatement?.RuleActionOverrides ?? [],
    ) as Override[];
    for (const { ActionToUse } of counted) expect(ActionToUse).toEqual({ Count: {} });
    const names = counted.map(({ Name }) => Name);
    expect(names).toEqual(
      expect.arrayContaining([
        'SizeRestrictions_BODY',
        'SizeRestrictions_QUERYSTRING',
        'NoUserAgent_HEADER',
        'GenericRFI_BODY',
        'EC2MetaDataSSRF_BODY',
        'CrossSiteScripting_BODY',
        'CrossSiteScripting_QUERYARGUMENTS',
      ]),
    );
  });

  it('keeps no samples of requests, in which there would be tokens', () => {
    const text = JSON.stringify(Template.fromStack(firewall()).toJSON());
    expect(text).not.toContain('"SampledRequestsEnabled":true');
    expect(text).toContain('"SampledRequestsEnabled":false');
  });

  it('stops an address that sends more than any identity provider does', () => {
    const { Properties } = resourceOf(Template.fromStack(firewall()), 'AWS::WAFv2::WebACL');
    expect(Properties.Rules).toContainEqual(
      expect.objectContaining({
        Name: 'Flood',
        Action: { Block: {} },
        Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 20_000 } },
      }),
    );
  });
});

const distributionOf = ({ template }: Synthesis) =>
  resourceOf(template, 'AWS::CloudFront::Distribution').Properties.DistributionConfig;
const environmentOf = ({ template }: Synthesis, name: string) =>
  resourceOf(template, 'AWS::Lambda::Function', name).Properties.Environment.Variables;

interface Override {
  readonly Name: string;
  readonly ActionToUse: object;
}

const USE_KEY = [
  'Decrypt',
  'DescribeKey',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'ReEncryptFrom',
  'ReEncryptTo',
].map((action) => `kms:${action} on CustomerKey.Arn`);
const FUNCTIONS = ['Scim', 'Webhook', 'Drain', 'Census'];

describe("a customer's own key for the table", () => {
  const keyed = withContext({ customerKey: 'table' });

  it('is rotated every year and outlives the stack', () => {
    keyed().template.hasResource('AWS::KMS::Key', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { EnableKeyRotation: true },
    });
  });

  it('encrypts the table, and nothing else', () => {
    const { id } = resourceOf(keyed().template, 'AWS::KMS::Key', 'CustomerKey');
    keyed().template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      Replicas: [Match.objectLike({ SSESpecification: { KMSMasterKeyId: { 'Fn::GetAtt': [id, 'Arn'] } } })],
    });
    keyed().template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
    keyed().template.allResourcesProperties('AWS::SecretsManager::Secret', { KmsKeyId: Match.absent() });
  });

  it.each(FUNCTIONS)('is used by the function %s, which can not manage it', (name) => {
    const permissions = permissionsOf(keyed(), `${name}Role`);
    expect(permissions.filter((permission) => permission.startsWith('kms:'))).toEqual(USE_KEY);
  });
});

describe("a customer's own key for all", () => {
  const keyed = withContext({ customerKey: 'all' });

  it('encrypts table, queues and secrets', () => {
    const arn = { 'Fn::GetAtt': [resourceOf(keyed().template, 'AWS::KMS::Key', 'CustomerKey').id, 'Arn'] };
    keyed().template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: arn });
    keyed().template.allResourcesProperties('AWS::SecretsManager::Secret', { KmsKeyId: arn });
    expect(resourcesOf(keyed().template, 'AWS::SQS::Queue')).toHaveLength(2);
  });

  it('needs no permission more than for the table', () => {
    const permissions = permissionsOf(keyed(), 'DrainRole');
    expect(permissions.filter((permission) => permission.startsWith('kms:'))).toEqual(USE_KEY);
  });
});

/**
 * Sampling and what a role needs for it: https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html. The actions know
 * no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
 */
describe('tracing', () => {
  const traced = withContext({ tracing: 'on' });

  it('has Lambda write traces of every function, and each role may do that and nothing more', () => {
    const functions = resourcesOf(traced().template, 'AWS::Lambda::Function');
    expect(functions.map(([, { Properties }]) => Properties.TracingConfig)).toEqual(
      functions.map(() => ({ Mode: 'Active' })),
    );
    const plain = synthesise(SEVERAL_TENANTS);
    for (const name of FUNCTIONS) {
      const more = permissionsOf(traced(), `${name}Role`).filter(
        (each) => !permissionsOf(plain, `${name}Role`).includes(each),
      );
      expect(more).toEqual(['xray:PutTelemetryRecords on *', 'xray:PutTraceSegments on *']);
    }
  });

  it('is not there where it is not asked for', () => {
    const plain = synthesise(SEVERAL_TENANTS).template;
    plain.allResourcesProperties('AWS::Lambda::Function', { TracingConfig: Match.absent() });
    expect(JSON.stringify(plain.toJSON())).not.toContain('xray');
  });
});

describe('a check of the front door', () => {
  const own = withContext({ ...DOMAIN, check: 'on' });
  const census = (synthesis: Synthesis) =>
    resourceOf(synthesis.template, 'AWS::Lambda::Function', 'Census').Properties.Environment.Variables;

  it('asks it by the name that senders use, from the function that runs every minute', () => {
    expect(census(own()).CHECK_ADDRESS).toBe('https://scim.example.com');
    const plain = synthesise(SEVERAL_TENANTS, { check: 'on' });
    expect(census(plain).CHECK_ADDRESS).toEqual({
      'Fn::GetAtt': [resourceOf(plain.template, 'AWS::ApiGatewayV2::Api').id, 'ApiEndpoint'],
    });
    const asked = resourcesOf(own().template, 'AWS::Lambda::Function').filter(
      ([, { Properties }]) => 'CHECK_ADDRESS' in Properties.Environment.Variables,
    );
    expect(asked).toHaveLength(1);
  });

  it('has an alarm, which rings as well when nothing is asked any more', () => {
    expect(
      resourceOf(own().template, 'AWS::CloudWatch::Alarm', 'MonitoringFrontDoorUnanswered').Properties,
    ).toMatchObject({ Threshold: 1, DatapointsToAlarm: 2, TreatMissingData: 'breaching' });
  });

  it('is not there where it is not asked for', () => {
    const plain = synthesise(SEVERAL_TENANTS);
    expect(census(plain)).not.toHaveProperty('CHECK_ADDRESS');
    const alarms = resourcesOf(plain.template, 'AWS::CloudWatch::Alarm').map(([id]) => id);
    expect(alarms.filter((id) => id.includes('FrontDoorUnanswered'))).toEqual([]);
  });
});

describe('options that do not go together', () => {
  it.each([
    [{ domain: 'scim.example.com' }, 'domain: domain and certificate need each other'],
    [{ firewall: 'on' }, 'firewall: a firewall needs a domain'],
    [{ trustStore: 's3://bucket/key' }, 'trustStore: mutual TLS needs a domain'],
    [
      { ...DOMAIN, trustStore: 's3://bucket/key', firewall: 'on' },
      'trustStore: behind CloudFront no certificate of a caller arrives',
    ],
    [
      { ...DOMAIN, certificate: CERTIFICATE.replace('us-east-1', 'eu-west-1'), firewall: 'on' },
      'certificate: CloudFront takes certificates of us-east-1 alone',
    ],
    [{ domain: 'https://scim.example.com' }, 'domain: "https://scim.example.com" is not a domain name'],
    [{ customerKey: 'mine' }, 'customerKey: "mine" is not none, table or all'],
    [{ tracing: 'yes' }, 'tracing: "yes" is not on or off'],
    [{ codeCache: 'yes' }, 'codeCache: "yes" is not on or off'],
    [{ check: 'yes' }, 'check: "yes" is not on or off'],
    [
      { ...DOMAIN, trustStore: 's3://bucket/key', check: 'on' },
      'check: behind mutual TLS it has no certificate to show',
    ],
  ])('%j', (context, line) => {
    expect(() => synthesise(SEVERAL_TENANTS, context)).toThrow(`context: ${line}`);
  });

  it.skipIf(process.arch === 'arm64')('a code cache that is made on another processor', () => {
    expect(() => synthesise(SEVERAL_TENANTS, { codeCache: 'on' })).toThrow(
      `context: codeCache: a code cache is for the processor that it was made on; the functions run on arm64, and this machine is ${process.arch}`,
    );
  });
});
