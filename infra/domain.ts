import { CfnOutput } from 'aws-cdk-lib';
import { DomainName, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { compact } from '../functions/runtime/compact.ts';

/** A domain name of the customer's own. */
export interface DomainSettings {
  readonly name: string;
  /** ARN of its certificate in ACM. */
  readonly certificate: string;
  /** Whom to trust: a bundle of CA certificates in S3. Callers then have to show a certificate of theirs. */
  readonly trustStore?: { readonly bucket: string; readonly key: string; readonly version?: string };
}

/** The API under a name of the customer's own, with mutual TLS if there is a trust store. */
export class Domain extends Construct {
  readonly domainName: DomainName;

  constructor(scope: Construct, id: string, { name, certificate, trustStore }: DomainSettings) {
    super(scope, id);
    this.domainName = new DomainName(this, 'Name', {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificate),
      securityPolicy: SecurityPolicy.TLS_1_2,
      ...compact({
        mtls: trustStore && {
          bucket: Bucket.fromBucketName(this, 'TrustStore', trustStore.bucket),
          key: trustStore.key,
          ...compact({ version: trustStore.version }),
        },
      }),
    });
    new CfnOutput(this, 'Target', {
      description: `What the DNS record of ${name} has to lead to (CNAME or alias)`,
      value: this.domainName.regionalDomainName,
    }).overrideLogicalId('DomainTarget');
  }
}
