import { CfnResource, type Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { SHIPPED, type Synthesis, synthesise, synthesiseChecked } from './synthesis.ts';

let shipped: Synthesis;
beforeAll(() => {
  shipped = synthesise(SHIPPED);
});

const PACKS: [string, new () => NagPack][] = [
  ['AwsSolutions', AwsSolutionsChecks],
  ['Serverless', ServerlessChecks],
];

describe.each(PACKS)('the %s rules', (_, Pack) => {
  it('find nothing that is not acknowledged', () => {
    expect(findings(new Pack())).toEqual([]);
  });

  it('find something where acknowledgements do not count, so they do look', () => {
    expect(findings(withoutMercy(new Pack()))).not.toEqual([]);
  });
});

describe('the rules of CloudFormation', () => {
  const certificate = 'arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c';
  const domain = { domain: 'scim.example.com', certificate, firewall: 'on', check: 'on' };

  it.each([
    ['as it is shipped', {}],
    ['with every option', { ...domain, customerKey: 'all', tracing: 'on', alarms: 'ops@example.com' }],
  ])('find nothing in the template %s', { timeout: 120_000 }, (_, context) => {
    expect(() => synthesiseChecked(context)).not.toThrow();
  });

  it('find a delay that is no number, so they do look', { timeout: 120_000 }, () => {
    const properties = { DelaySeconds: 'soon' };
    const add = (stack: Stack) =>
      void new CfnResource(stack, 'Wrong', { type: 'AWS::SQS::Queue', properties });
    expect(() => synthesiseChecked({}, add)).toThrow("'soon' is not of type 'integer'");
  });
});

describe('each acknowledgement', () => {
  it('is of something that the rules find there: none is left from what was', () => {
    const found = PACKS.flatMap(([, Pack]) => findings(withoutMercy(new Pack())));
    for (const { path, id } of acknowledgements()) {
      expect(found.filter((finding) => finding.startsWith(`${id} at ${path}`))).not.toEqual([]);
    }
  });

  it('says why in a sentence', () => {
    const reasons = acknowledgements().map(({ reason }) => reason);
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(reason).toMatch(/^[A-Z].{40,}\.$/);
  });
});

/** `rule at construct` for each finding. */
function findings(pack: NagPack): string[] {
  return pack
    .validateScope(shipped.stack)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
}

/** The pack without its forgiveness. Should a new version of cdk-nag call it otherwise, the second test above fails. */
function withoutMercy(pack: NagPack): NagPack {
  return Object.assign(pack, { isAcknowledged: () => false });
}

function acknowledgements(): { path: string; id: string; reason: string }[] {
  return shipped.stack.node.findAll().flatMap((construct) =>
    construct.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .map(([id, reason]) => ({ path: construct.node.path, id: id.replace(/^annotation::/i, ''), reason })),
  );
}
