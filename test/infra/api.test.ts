import { Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { resourceOf, resourcesOf, SHIPPED, type Synthesis, synthesise } from './synthesis.ts';

let shipped: Synthesis;
beforeAll(() => {
  shipped = synthesise(SHIPPED);
});

describe('the HTTP API', () => {
  it('sends every method of these paths to these functions, and nothing else', () => {
    const targetOf = (name: string) => {
      const [[id] = ['']] = resourcesOf(shipped.template, 'AWS::Lambda::Alias').filter(([each]) =>
        each.startsWith(name),
      );
      const [[integration] = ['']] = resourcesOf(shipped.template, 'AWS::ApiGatewayV2::Integration').filter(
        ([, { Properties }]) => Properties.IntegrationUri.Ref === id,
      );
      return { 'Fn::Join': ['', ['integrations/', { Ref: integration }]] };
    };
    const routes = resourcesOf(shipped.template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => [
      Properties.RouteKey,
      Properties.Target,
    ]);
    expect(Object.fromEntries(routes)).toEqual({
      'ANY /{tenant}/scim/v2': targetOf('Scim'),
      'ANY /{tenant}/scim/v2/{proxy+}': targetOf('Scim'),
      // A base URL that isn't one gets SCIM's answer, which says what it has to be.
      $default: targetOf('Scim'),
      'ANY /{tenant}/hooks/{source}': targetOf('Webhook'),
      'ANY /{tenant}/hooks/{source}/{subtype}': targetOf('Webhook'),
      'ANY /{tenant}/events': targetOf('Webhook'),
      'ANY /health': targetOf('Webhook'),
    });
  });

  it('hands events over in payload format 2.0', () => {
    shipped.template.resourceCountIs('AWS::ApiGatewayV2::Integration', 2);
    shipped.template.allResourcesProperties('AWS::ApiGatewayV2::Integration', {
      IntegrationType: 'AWS_PROXY',
      PayloadFormatVersion: '2.0',
    });
  });

  it('serves on the $default stage, so that no stage name is in the address', () => {
    shipped.template.resourceCountIs('AWS::ApiGatewayV2::Stage', 1);
    shipped.template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AutoDeploy: true,
    });
  });

  it('throttles', () => {
    shipped.template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
    });
  });

  it('lets no browser of another site in', () => {
    shipped.template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      ProtocolType: 'HTTP',
      CorsConfiguration: Match.absent(),
    });
  });
});

describe('the access log', () => {
  it('is JSON of variables that carry no header but the user agent, no path, no query and no body', () => {
    const stage = resourceOf(shipped.template, 'AWS::ApiGatewayV2::Stage');
    const format: Record<string, string> = JSON.parse(stage.Properties.AccessLogSettings.Format);
    expect(Object.values(format).toSorted()).toEqual([
      '$context.awsEndpointRequestId',
      '$context.error.message',
      '$context.httpMethod',
      '$context.identity.sourceIp',
      '$context.identity.userAgent',
      '$context.integrationErrorMessage',
      '$context.integrationLatency',
      '$context.integrationStatus',
      '$context.protocol',
      '$context.requestId',
      '$context.requestTime',
      '$context.responseLatency',
      '$context.responseLength',
      '$context.routeKey',
      '$context.status',
    ]);
  });

  it('goes to a log group of the stack', () => {
    const stage = resourceOf(shipped.template, 'AWS::ApiGatewayV2::Stage');
    const [group] = stage.Properties.AccessLogSettings.DestinationArn['Fn::GetAtt'] ?? [];
    expect(shipped.template.findResources('AWS::Logs::LogGroup')).toHaveProperty(group);
  });
});
