import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readAnswer, redact } from '../../functions/smartassist/answer.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const agent = z.looseObject({ emailId: z.string() });

const read = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  readAnswer({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }, agent, NOW);
const errors = (...messages: string[]) => ({ errors: messages.map((msg) => ({ msg, code: 400 })) });

describe('an answer', () => {
  it.each([200, 201])('of %d in the documented shape is a success', (status) => {
    expect(read(status, { emailId: '', orgId: 'o-1' })).toEqual({
      outcome: 'ok',
      value: { emailId: '', orgId: 'o-1' },
    });
  });

  it.each([400, 403, 409, 422])('of %d is a refusal in its own words', (status) => {
    expect(read(status, errors('skillId: there is no 5ff2', 'firstName: is too long'))).toEqual({
      outcome: 'refused',
      status,
      message: 'skillId: there is no 5ff2; firstName: is too long',
    });
  });

  it.each([
    [{ message: 'Bad things' }, 'Bad things'],
    [{ error: 'Bad things' }, 'Bad things'],
    [{ errors: [] }, 'it gave no reason'],
    ['<html>', 'it gave no reason'],
    ['', 'it gave no reason'],
  ])('that refuses as %j is understood', (body, message) => {
    expect(read(400, body)).toEqual({ outcome: 'refused', status: 400, message });
  });

  it('of 401 is about the credentials', () => {
    expect(read(401, errors('Invalid SDK credentials'))).toEqual({
      outcome: 'unauthorized',
      message: 'Invalid SDK credentials',
    });
    expect(read(401, '')).toEqual({ outcome: 'unauthorized', message: 'status 401' });
  });

  it('of 404 is that there is no such thing', () => {
    expect(read(404, errors('there is no agent'))).toEqual({ outcome: 'not-found' });
  });

  it.each([
    ['a server error', 500, errors('boom'), 'status 500'],
    ['a gateway that waited too long', 504, '', 'status 504'],
    ['a request that took too long', 408, errors('slow'), 'status 408'],
    ['a redirect', 302, '', 'status 302'],
    [
      'success with an error inside',
      200,
      errors('Agent limit'),
      'status 200 with an error inside: Agent limit',
    ],
    ['success with a page of HTML', 200, '<!doctype html>', 'status 200 with a body that is not JSON'],
    ['success cut off', 200, '{"emailId":"ada@ex', 'status 200 with a body that is not JSON'],
    ['success with nothing', 200, '', 'status 200 with a body that is not JSON'],
    ['success of another shape', 200, { id: 1 }, 'status 200 with a body of another shape than documented'],
  ])('of which nothing can be concluded is unknown: %s', (_, status, body, message) => {
    expect(read(status, body)).toEqual({ outcome: 'unknown', message });
  });
});

describe('throttling', () => {
  const LIMIT = "You've exceeded the per-minute rate limit. Please try again later.";

  it.each([
    ['429 without a word', 429, ''],
    ['429 with an agent in it', 429, { emailId: 'ada@example.com' }],
    ['the documented words as 400', 400, errors(LIMIT)],
    ['the documented words as 200', 200, errors(LIMIT)],
    ['the documented words as 401', 401, errors(LIMIT)],
    ['the documented words as 503', 503, { message: LIMIT }],
    ['other words of that meaning', 403, { message: 'Too Many Requests' }],
    ['other spelling', 403, { error: 'RATE_LIMIT_EXCEEDED' }],
  ])('is told by %s', (_, status, body) => {
    expect(read(status, body)).toEqual({ outcome: 'throttled', waitMs: 15_000 });
  });

  it.each([
    ['seconds', '20', 20_000],
    ['seconds with a space', ' 20 ', 20_000],
    ['a part of a second', '2.5', 2500],
    ['nothing', '', 15_000],
    ['no time at all', '0', 1000],
    ['more than anybody waits', '86400', 300_000],
    ['a number beyond numbers', '9'.repeat(400), 300_000],
    ['a date', 'Mon, 23 Nov 2026 10:00:42 GMT', 42_000],
    ['a date of the old form', 'Monday, 23-Nov-26 10:00:42 GMT', 42_000],
    ['a date that is over', 'Mon, 23 Nov 2026 09:00:00 GMT', 1000],
    ['a date far ahead', 'Tue, 23 Nov 2027 10:00:00 GMT', 300_000],
    ['a word', 'soon', 15_000],
    ['a day without a date', 'Monday', 15_000],
    ['a number below zero', '-5', 15_000],
    ['a number in another writing', '0x10', 15_000],
  ])('waits as Retry-After says, within bounds: %s', (_, header, waitMs) => {
    expect(read(429, '', { 'retry-after': header })).toEqual({ outcome: 'throttled', waitMs });
  });
});

describe('words that are passed on', () => {
  it.each([
    ['phone +49 (0)30 1234-567 is taken', 'phone [number] is taken'],
    ['phone 4915112345678.', 'phone [number].'],
    ['id 123456 and code 4002', 'id 123456 and code 4002'],
    ['bad eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln-_ token', 'bad [token] token'],
    ['bad eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0. token', 'bad [token] token'],
    ['two\nlines\u0000\tand\u2028more', 'two lines and more'],
  ])('hold no phone number, no token and no second line: %j', (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  it('are redacted wherever an outcome carries them', () => {
    const words = 'call 030 1234 5678';
    for (const status of [200, 400, 401]) {
      expect(JSON.stringify(read(status, errors(words)))).toContain('call [number]');
    }
  });

  it('are 400 characters at most, and cut after they were redacted', () => {
    const outcome = read(400, errors(`${'x'.repeat(395)} 4915112345678`));
    expect(outcome).toMatchObject({ message: `${'x'.repeat(395)} [num` });
  });

  it('never hold seven digits in a row, whatever was written', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1_000_000 }), fc.string(), (before, number, after) => {
        expect(redact(`${before} ${number} ${after}`)).not.toMatch(/\d{7}/);
      }),
    );
  });
});
