/** Says that the media of a run were changed by several versions of a package, whose results may differ. */

import type { RunInfo } from '../report.ts';

/** One sentence for each package with several versions; `codecs` are those of `run.json`. */
export function codecWarnings({ codecs = [] }: Pick<RunInfo, 'codecs'>): readonly string[] {
  const versions = new Map<string, string[]>();
  for (const codec of codecs) {
    const at = codec.lastIndexOf(' ');
    const name = codec.slice(0, at);
    versions.set(name, [...(versions.get(name) ?? []), codec.slice(at + 1)]);
  }
  return [...versions].flatMap(([name, found]) =>
    found.length < 2
      ? []
      : [
          `media were converted by ${name} ${found.join(' and ')}: later answers may be about slightly other bytes; the journal names the codec of each`,
        ],
  );
}
