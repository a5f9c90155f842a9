import { describe, expect, it } from 'vitest';
import { pushArguments, targetIn } from '../../infra/deploy.ts';

const OUTPUTS = {
  'AgentProvisioner-test-Firewall': { Arn: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/1' },
  'AgentProvisioner-test': {
    TableName: 'table-1',
    AlarmTopic: 'arn:aws:sns:eu-central-1:123456789012:topic',
  },
};

describe('the step of a deployment behind the code', () => {
  it('finds the directory and its region among the outputs', () => {
    expect(targetIn(OUTPUTS)).toEqual({ table: 'table-1', region: 'eu-central-1' });
  });

  it('says so where no stack has a directory', () => {
    expect(() => targetIn({ Other: {} })).toThrow('names no table');
  });

  it.each([
    [[], 'provisioner.yaml', undefined],
    [['--context', 'configuration=other.yaml'], 'other.yaml', undefined],
    [['-c', 'stage=test', '--context=configuration=other.yaml'], 'other.yaml', 'test'],
  ])('pushes the configuration that was deployed: %j', (args, file, stage) => {
    const pushed = pushArguments(args, targetIn(OUTPUTS));
    expect(pushed).toEqual([
      '--table',
      'table-1',
      ...(stage === undefined ? [] : ['--stage', stage]),
      '--configuration',
      expect.stringMatching(new RegExp(`/${file}$`)),
      'push',
      '--deployed',
      '--reason',
      'npm run deploy',
    ]);
  });
});
