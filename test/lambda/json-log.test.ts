import { describe, expect, it } from 'vitest';
import { jsonLog } from '../../functions/lambda/json-log.ts';
import { correlated } from '../../functions/runtime/correlation.ts';

function open(level?: string) {
  const lines: [string, string][] = [];
  const log = jsonLog({
    service: 'agent-provisioner',
    level,
    clock: { now: () => Date.parse('2026-11-26T08:00:00.123Z') },
    write: (stream, line) => void lines.push([stream, line]),
  });
  return { log, lines, levels: () => lines.map(([, line]) => JSON.parse(line).level) };
}

describe('the log of a function', () => {
  it('is one line of JSON a call, with what belongs together by its correlation id', async () => {
    const { log, lines } = open();
    await correlated('request-1', async () => log.warn('a\nline', { tenant: 'demo', list: ['b\n'] }));
    const [[stream, line = ''] = []] = lines;
    expect(stream).toBe('stderr');
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({
      level: 'WARN',
      message: 'a\nline',
      timestamp: '2026-11-26T08:00:00.123Z',
      service: 'agent-provisioner',
      correlationId: 'request-1',
      tenant: 'demo',
      list: ['b\n'],
    });
  });

  it.each([
    [undefined, ['INFO', 'WARN', 'ERROR']],
    ['loud', ['INFO', 'WARN', 'ERROR']],
    ['TRACE', ['DEBUG', 'INFO', 'WARN', 'ERROR']],
    ['WARN', ['WARN', 'ERROR']],
    ['FATAL', []],
  ])('has no line below the level that Lambda names: %s', (level, written) => {
    const { log, levels } = open(level);
    for (const name of ['debug', 'info', 'warn', 'error'] as const) log[name](name);
    expect(levels()).toEqual(written);
  });
});
