import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { FrontDoor, type FrontDoorProps } from './front-door.ts';

/** The front door for SCIM clients. */
export class ScimFunction extends FrontDoor {
  /** Where API Gateway sends requests here; the functions read the tenant from the path themselves. */
  static readonly PATHS = ['/{tenant}/scim/v2', '/{tenant}/scim/v2/{proxy+}'];

  constructor(scope: Construct, id: string, props: FrontDoorProps) {
    super(scope, id, props, {
      description: 'SCIM 2.0 service provider',
      entry: 'functions/lambda/scim.ts',
      // An attempt is made while the caller waits.
      secretKinds: ['door', 'smartassist'],
      // API Gateway gives up after 30 seconds.
      timeout: Duration.seconds(29),
    });
  }
}
