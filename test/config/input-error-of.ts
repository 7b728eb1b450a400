/** The error that invalid input gives. */

import { InputError } from '../../src/errors.ts';

/** The message of the `InputError` that the promise ends in; any other end fails the test. */
export async function inputErrorOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error('there was no InputError');
}
