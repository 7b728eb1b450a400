import { expect, test } from 'vitest';
import { defined } from '../../src/collections/defined.ts';

test('leaves out members that are undefined and keeps every other value', () => {
  const members = defined({ a: undefined, b: null, c: 0, d: '', e: false, f: 'text' });

  expect(members).toStrictEqual({ b: null, c: 0, d: '', e: false, f: 'text' });
});

test('makes members that may be undefined optional', () => {
  const hint: string | undefined = undefined as string | undefined;
  const problem: { readonly message: string; readonly hint?: string } = defined({ message: 'is empty', hint });

  expect(Object.keys(problem)).toEqual(['message']);
});
