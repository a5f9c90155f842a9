import { expect, test, vi } from 'vitest';
import { once } from '../../functions/runtime/once.ts';

test('is made when it is asked for, and then kept', () => {
  const make = vi.fn(() => ({}));
  const value = once(make);
  expect(make).not.toHaveBeenCalled();
  expect(value()).toBe(value());
  expect(make).toHaveBeenCalledTimes(1);
});

test('keeps a value that is undefined as well', () => {
  const make = vi.fn(() => undefined);
  const value = once(make);
  value();
  value();
  expect(make).toHaveBeenCalledTimes(1);
});

test('what could not be made is tried again', () => {
  const make = vi.fn<() => string>().mockImplementationOnce(() => {
    throw new Error('not yet');
  });
  make.mockReturnValue('made');
  const value = once(make);
  expect(value).toThrow('not yet');
  expect(value()).toBe('made');
});

test('a promise that is rejected is made again, and one that is not is kept', async () => {
  const make = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new Error('not yet'));
  make.mockResolvedValue('made');
  const value = once(make);
  const first = value();
  expect(value()).toBe(first);
  await expect(first).rejects.toThrow('not yet');
  expect(await value()).toBe('made');
  expect(value()).toBe(value());
  expect(make).toHaveBeenCalledTimes(2);
});
