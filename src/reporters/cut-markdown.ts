/** Keeps a Markdown document below a size: whole sections are left out, and the document says so. */

/** A pull-request comment of GitHub has at most 65,536 characters; some of them are left for the note. */
export const COMMENT_BYTES = 60_000;

/** GitHub drops a step summary above 1,024 KiB whole. */
export const SUMMARY_BYTES = 900_000;

const NOTE_BYTES = 200;

/** Joins blocks by blank lines. The first block that does not fit is cut at a line end, and those after it are left out. */
export function joinBlocks(blocks: readonly string[], maxBytes: number): string {
  const whole = `${blocks.join('\n\n')}\n`;
  if (Buffer.byteLength(whole) <= maxBytes) return whole;
  const kept: string[] = [];
  let left = maxBytes - NOTE_BYTES;
  for (const [index, block] of blocks.entries()) {
    const size = Buffer.byteLength(block) + 2;
    if (size <= left) {
      kept.push(block);
      left -= size;
      continue;
    }
    const lines = linesThatFit(block, left - 2);
    if (lines !== '') kept.push(lines);
    const more = blocks.length - index - 1;
    kept.push(
      `*Cut: ${more === 0 ? 'the rest of this section is' : `this section and ${more} more are`} in the run's folder.*`,
    );
    break;
  }
  return `${kept.join('\n\n')}\n`;
}

function linesThatFit(block: string, bytes: number): string {
  const kept: string[] = [];
  let left = bytes;
  for (const line of block.split('\n')) {
    left -= Buffer.byteLength(line) + 1;
    if (left < 0) break;
    kept.push(line);
  }
  return kept.join('\n');
}
