import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Configuration } from '../../functions/tenant/configuration.ts';
import { FrontDoor, type FrontDoorProps } from './front-door.ts';

/** The pages for operators. */
export class ConsoleFunction extends FrontDoor {
  /** Where API Gateway sends requests here. */
  static readonly PATHS = ['/{tenant}/console', '/{tenant}/console/{proxy+}'];

  /** Without a tenant that says whom its pages are for there are none. */
  static isWanted({ tenants }: Configuration): boolean {
    return Object.values(tenants).some(({ console: pages }) => pages?.issuer !== undefined);
  }

  constructor(scope: Construct, id: string, props: FrontDoorProps) {
    super(scope, id, props, {
      description: 'Pages for operators',
      entry: 'functions/lambda/console.ts',
      // Sessions are sealed with the one; an operator provisions, and reads an agent, with the other.
      secretKinds: ['door', 'smartassist'],
      // Events are tried as a provider sends them; people are read by the function that does it by the clock.
      withoutProviderParts: ['api', 'list', 'subscription', 'partner'],
      // API Gateway gives up after 30 seconds.
      timeout: Duration.seconds(29),
    });
  }
}
