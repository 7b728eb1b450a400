/** The JUnit files of a report, as text. */

import type { RunReport } from '../../src/report.ts';
import { junit } from '../../src/reporters/junit.ts';

export async function junitFiles(report: RunReport): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const { name, content } of junit.files(report)) {
    let text = '';
    for await (const chunk of content) text += chunk;
    files.set(name, text);
  }
  return files;
}
