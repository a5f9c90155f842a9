import { expect } from 'vitest';
import { resourceOf, type Synthesis } from './synthesis.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/** Everything that a role may do, as `action on resource`. */
export function permissionsOf({ template }: Synthesis, role: string): string[] {
  const { id } = resourceOf(template, 'AWS::IAM::Role', role);
  const { Properties } = resourceOf(template, 'AWS::IAM::Policy', role);
  expect(Properties.Roles).toEqual([{ Ref: id }]);
  return Properties.PolicyDocument.Statement.flatMap(({ Effect, Action, Resource }: Statement) => {
    expect(Effect).toBe('Allow');
    return [Action].flat().flatMap((action) => [Resource].flat().map((on) => `${action} on ${textOf(on)}`));
  }).toSorted();
}

/** Who may invoke which function, and from where. */
export function describeGrant({
  Action,
  FunctionName,
  Principal,
  SourceArn,
}: Record<string, string>): string {
  expect(Action).toBe('lambda:InvokeFunction');
  return `${Principal} on ${textOf(FunctionName)} from ${textOf(SourceArn)}`;
}

/** CloudFormation's expressions as readable text. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[key, argument] = ['', undefined]] = Object.entries(value as Record<string, unknown>);
  if (key === 'Ref') return nameOf(argument);
  if (key === 'Fn::GetAtt' && Array.isArray(argument)) return `${nameOf(argument[0])}.${argument[1]}`;
  if (key === 'Fn::Join' && Array.isArray(argument)) return argument[1].map(textOf).join(argument[0]);
  throw new Error(`${JSON.stringify(value)} is not expected in a policy`);
}

/** A logical id without the hash that the CDK appends. */
export function nameOf(id: unknown): string {
  return String(id).replace(/[0-9A-F]{8}$/, '');
}
