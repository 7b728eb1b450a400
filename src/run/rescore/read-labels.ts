/** Reads `labels.jsonl`: what people said of answers in the blind mode of a report. */

import { InputError, type Problem } from '../../errors.ts';
import { readTextSync } from '../../files/open-file.ts';
import { isRecord } from '../../text/is-record.ts';
import { quote } from '../../text/quote.ts';

/** Largest file: half a million labels. */
const MAX_BYTES = 128 * 2 ** 20;

/** Values from 0 to 1 that people gave to one answer. */
export interface Labels {
  /** The mean over all labels of a cell; undefined = it has none. */
  valueOf(sampleKey: string, modelId: string, repeat: number): LabelMean | undefined;
  readonly cells: number;
}

export interface LabelMean {
  readonly value: number;
  readonly count: number;
}

/** `displayPath` is for messages. @throws {InputError} with all problems of the file. */
export function readLabels(path: string, displayPath: string): Labels {
  const sums = new Map<string, { total: number; count: number }>();
  const problems: Problem[] = [];
  for (const [index, line] of fileText(path, displayPath).split('\n').entries()) {
    if (line.trim() === '') continue;
    const label = parseLabel(line);
    if (typeof label === 'string') {
      problems.push({ file: displayPath, line: index + 1, message: label, hint: 'use the file that the report saved' });
      continue;
    }
    const sum = sums.get(label.cell) ?? { total: 0, count: 0 };
    sums.set(label.cell, { total: sum.total + label.value, count: sum.count + 1 });
  }
  if (problems.length > 0) throw new InputError(problems);
  if (sums.size === 0) throw new InputError({ file: displayPath, message: 'has no labels' });
  return {
    cells: sums.size,
    valueOf(sampleKey, modelId, repeat) {
      const sum = sums.get(cellOf(sampleKey, modelId, repeat));
      return sum === undefined ? undefined : { value: sum.total / sum.count, count: sum.count };
    },
  };
}

function fileText(path: string, displayPath: string): string {
  try {
    return readTextSync(path, { maxBytes: MAX_BYTES, followLinks: true }).replace(/^\uFEFF/u, '');
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new InputError({ file: displayPath, message: `cannot be read (${cause.message})` }, { cause });
  }
}

/** A label, or what is wrong with its line. */
function parseLabel(line: string): { readonly cell: string; readonly value: number } | string {
  let label: unknown;
  try {
    label = JSON.parse(line);
  } catch {
    return 'is not JSON';
  }
  if (!isRecord(label)) return 'is not an object';
  const { sample_key: key, model, repeat = 0, value } = label;
  if (typeof key !== 'string' || key === '') return 'has no "sample_key"';
  if (typeof model !== 'string' || model === '') return 'has no "model"';
  if (typeof repeat !== 'number' || !Number.isInteger(repeat) || repeat < 0) return '"repeat" is no whole number';
  if (typeof value !== 'number' || !(value >= 0 && value <= 1))
    return `"value" must be a number from 0 to 1, and is ${quote(JSON.stringify(value) ?? 'absent')}`;
  return { cell: cellOf(key, model, repeat), value };
}

function cellOf(sampleKey: string, modelId: string, repeat: number): string {
  return JSON.stringify([sampleKey, modelId, repeat]);
}
