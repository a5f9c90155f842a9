import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { FrontDoor, type FrontDoorProps } from './front-door.ts';

/** The front door for webhooks and security events: verifies, stores in the directory, rings. It calls no other service. */
export class WebhookFunction extends FrontDoor {
  /** Where API Gateway sends requests here. */
  static readonly PATHS = [
    '/{tenant}/hooks/{source}',
    '/{tenant}/hooks/{source}/{subtype}',
    '/{tenant}/events',
    '/health',
  ];

  constructor(scope: Construct, id: string, props: FrontDoorProps) {
    super(scope, id, props, {
      description: 'Webhooks of identity providers and HR systems, security events',
      entry: 'functions/lambda/webhook.ts',
      secretKinds: ['door'],
      withoutProviderParts: ['api', 'list', 'subscription'],
      // Senders give up after three seconds at the tightest, and repeat what was not answered.
      timeout: Duration.seconds(10),
    });
  }
}
