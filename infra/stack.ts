import { Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Configuration } from '../functions/tenant/configuration.ts';
import { Api } from './api.ts';
import { Directory } from './directory.ts';
import type { DomainSettings } from './domain.ts';
import { Doorbell } from './doorbell.ts';
import { type Concurrency, shareConcurrency } from './functions/concurrency.ts';
import { ConsoleFunction } from './functions/console.ts';
import { DrainFunction } from './functions/drain.ts';
import type { ProvisionerFunction } from './functions/function.ts';
import { ReconcileFunction } from './functions/reconcile.ts';
import { ScimFunction } from './functions/scim.ts';
import { Signup } from './functions/signup.ts';
import { SyncFunction } from './functions/sync.ts';
import { WebhookFunction } from './functions/webhook.ts';
import { CustomerKey, type KeyUse } from './key.ts';
import { Measure } from './monitoring/measure.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import { Queries } from './monitoring/queries.ts';
import { type Firewall, Origin } from './origin.ts';
import { publishOutputs } from './outputs.ts';
import { Release, type Shift } from './release.ts';
import { type ImportedSecrets, Secrets } from './secrets.ts';

export interface ProvisionerStackProps extends StackProps {
  /** The configuration as it was checked: it decides which tenants there are. */
  readonly configuration: Configuration;
  readonly stage: string;
  readonly importSecrets: ImportedSecrets;
  readonly shift: Shift;
  readonly domain?: DomainSettings | undefined;
  readonly firewall: Firewall;
  readonly customerKey: KeyUse;
  readonly concurrency?: number | undefined;
  readonly isChecked: boolean;
  readonly table?: string | undefined;
  readonly alarmsTo?: string | undefined;
}

/**
 * Everything of one stage. It looks nothing up, neither account nor region, so it synthesises offline and several
 * can live in one account.
 */
export class ProvisionerStack extends Stack {
  constructor(scope: Construct, id: string, props: ProvisionerStackProps) {
    super(scope, id, {
      description: 'Turns people of an identity provider into SmartAssist agents.',
      terminationProtection: true,
      ...props,
    });
    const { configuration, stage, importSecrets, shift, domain, firewall, customerKey } = props;
    const { concurrency, isChecked, table, alarmsTo } = props;

    // Activated as cost allocation tags, they tell what each stage costs.
    Tags.of(this).add('agent-provisioner:stage', stage);

    const key = customerKey === 'none' ? undefined : new CustomerKey(this, 'CustomerKey');
    // A role that may use the table may use its key, and so what else the key encrypts.
    const further = customerKey === 'all' ? { key } : {};
    const directory = new Directory(this, 'Directory', {
      key,
      imported: table,
      budgetTables: [
        ...new Set(
          Object.values(configuration.tenants).flatMap(({ smartassist }) => smartassist.budgetTable ?? []),
        ),
      ],
    });
    const secrets = new Secrets(this, 'Secrets', {
      configuration,
      stage,
      imported: importSecrets,
      ...further,
    });
    const doorbell = new Doorbell(this, 'Doorbell', { answerTime: DrainFunction.TIMEOUT, ...further });
    const origin =
      domain === undefined || firewall === 'off'
        ? undefined
        : new Origin(this, 'Origin', { domain: domain.name, isOpen: firewall === 'open', ...further });
    const common = { configuration, directory, secrets, doorbell };
    const readsSources = SyncFunction.isWanted(configuration);
    const reserved: Partial<Concurrency> =
      concurrency === undefined ? {} : shareConcurrency(concurrency, readsSources);
    const scim = new ScimFunction(this, 'Scim', { ...common, origin, reserved: reserved.scim });
    const webhook = new WebhookFunction(this, 'Webhook', { ...common, origin, reserved: reserved.webhook });
    const drain = new DrainFunction(this, 'Drain', { ...common, reserved: reserved.drain });
    const api = new Api(this, 'Api', { domain, origin });
    const reconcile = new ReconcileFunction(this, 'Census', {
      ...common,
      reserved: reserved.reconcile,
      checked: isChecked ? api.url : undefined,
    });
    const functions: ProvisionerFunction[] = [scim, webhook, drain, reconcile];
    if (readsSources) functions.push(new SyncFunction(this, 'Sync', { ...common, reserved: reserved.sync }));
    if (ConsoleFunction.isWanted(configuration)) {
      const pages = new ConsoleFunction(this, 'Console', { ...common, origin });
      functions.push(pages);
      api.route('Console', pages.function, ConsoleFunction.PATHS);
    }
    const deadLetters = [doorbell.deadLetters];
    if (Signup.isWanted(configuration)) {
      const signup = new Signup(this, 'Signup', { ...common, reserved: reserved.signup });
      functions.push(signup.front);
      deadLetters.push(signup.failed);
    }

    // A base URL with a part too few or too many is told what it has to be.
    api.routeOthers(api.route('Scim', scim.function, ScimFunction.PATHS));
    api.route('Webhook', webhook.function, WebhookFunction.PATHS);

    const monitoring = new Monitoring(this, 'Monitoring', {
      alarmsTo,
      watched: {
        measure: new Measure(this.stackName),
        functionNames: functions.map(({ alias }) => alias.lambda.functionName),
        doorbell: doorbell.queue.queueName,
        deadLetterQueues: deadLetters.map(({ queueName }) => queueName),
        apiId: api.id,
        isChecked,
        tableName: directory.tableName,
      },
    });

    new Queries(this, 'Queries', { logGroupNames: functions.map(({ logGroupName }) => logGroupName) });

    if (shift !== 'all-at-once') new Release(this, 'Release', { functions, shift, topic: monitoring.topic });

    publishOutputs(this, { api, directory, secrets, monitoring, ...further });
  }
}
