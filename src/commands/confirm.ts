/** Asks a yes-or-no question on a terminal. */

import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { TextStream } from '../io.ts';

/** Writes the question and reads one line. Only `y` and `yes` mean yes; the end of the input or a stop means no. */
export async function confirmOn(
  input: Readable,
  output: TextStream,
  stop: AbortSignal,
  question: string,
): Promise<boolean> {
  output.write(question);
  // `terminal: true` would switch to raw mode, where Ctrl-C is a character instead of a signal.
  const lines = createInterface({ input, terminal: false, signal: stop });
  try {
    const answer = await new Promise<string>((resolve) => {
      lines.once('line', resolve);
      lines.once('close', () => resolve(''));
    });
    return /^\s*y(es)?\s*$/i.test(answer);
  } finally {
    lines.close();
  }
}
