/** Reads a manifest that is one document, as text. */

import type { Defect } from './defect.ts';
import { readLines } from './read-lines.ts';

/**
 * The whole text, or why it cannot be read.
 * @throws {Error} a system error when the file cannot be opened or read.
 */
export async function readText(path: string, maxBytes: number): Promise<string | Defect> {
  const lines: string[] = [];
  let size = 0;
  for await (const batch of readLines(path))
    for (const { line, bytes, defect } of batch) {
      if (defect !== undefined) return defect;
      size += bytes.length + 1;
      const message = `is larger than ${maxBytes / 2 ** 20} MiB`;
      if (size > maxBytes) return { line, message, hint: 'write large manifests as JSON Lines' };
      lines.push(bytes.toString('utf8'));
    }
  return lines.join('\n');
}
