import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { PATIENCE_MS, run, runJson } from './program.ts';

it('token makes another token each time, with the digest that the secret is to have', {
  timeout: PATIENCE_MS,
}, async () => {
  const tokens = [];
  for (let times = 0; times < 2; times += 1) {
    const { code, answer } = await runJson(['token']);
    expect(code).toBe(0);
    // RFC 6750 section 2.1: what a bearer token may be made of.
    expect(answer.token).toMatch(/^[\w-]{43}$/);
    expect(answer.digest).toBe(`sha256:${createHash('sha256').update(String(answer.token)).digest('hex')}`);
    tokens.push(answer.token);
  }
  expect(tokens[0]).not.toBe(tokens[1]);
});

it('token says to people what goes where', { timeout: PATIENCE_MS }, async () => {
  const { code, stdout, stderr } = await run(['token']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [, token = '', digest = ''] =
    /^Bearer token, .*\n {2}(\S+)\n.*"scimTokens".*\n {2}(\S+)\n$/.exec(stdout) ?? [];
  expect(digest).toBe(`sha256:${createHash('sha256').update(token).digest('hex')}`);
});
