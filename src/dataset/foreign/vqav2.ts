/** Questions of VQA v2, with the ten answers of the annotations file and the images of MS COCO beside them. */

import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { explainJson } from '../../text/explain-json.ts';
import { isRecord } from '../../text/is-record.ts';
import { quote } from '../../text/quote.ts';
import { type Defect, nameOfType } from '../defect.ts';
import type { NamedRow, Note } from '../raw-row.ts';
import { readText } from '../read-text.ts';
import type { ForeignFormat, Members } from './foreign-format.ts';
import { asMetadata } from './foreign-values.ts';

export const vqav2: ForeignFormat = {
  description: 'questions of VQA v2, JSON: questions, with the answers of ..._annotations.json and COCO images beside',
  source: 'visualqa.org/download.html; GT-Vision-Lab/VQA: PythonHelperTools/vqaTools/vqa.py, vqaDemo.py',
  extensions: ['.json'],
  shape: 'objects',
  precedence: 'prompt',
  matches: () => false,
  matchesDocument: ({ questions }) =>
    Array.isArray(questions) && isRecord(questions[0]) && 'question_id' in questions[0] && 'image_id' in questions[0],
  read: readVqa,
};

/** Documents are kept in memory as a whole. The annotations of the training questions have 290 MB. */
const MAX_JSON_BYTES = 400 * 2 ** 20;
/** Rows that are handed on at once. */
const BATCH = 500;

async function* readVqa(path: string): AsyncGenerator<readonly (NamedRow | Defect | Note)[]> {
  const document = await readDocument(path, 'questions');
  if ('message' in document) {
    yield [document];
    return;
  }
  const annotationsPath = await findFirst(annotationNames(path));
  const annotations = annotationsPath === undefined ? undefined : await readDocument(annotationsPath, 'annotations');
  if (annotations !== undefined && 'message' in annotations) {
    yield [inOtherFile(annotations, annotationsPath ?? '')];
    return;
  }
  const answers = new Map((annotations?.items ?? []).map((item) => [item['question_id'], item]));
  const nameOf = await imageNames(path, document.members['data_subtype'], document.items[0]);
  yield annotations === undefined ? [NO_ANNOTATIONS] : [];
  for (let start = 0; start < document.items.length; start += BATCH)
    yield document.items
      .slice(start, start + BATCH)
      .map((item, index) => toRow(item, document.lines[start + index] ?? 1, answers, nameOf));
}

/** Lines of a problem are those of the questions. */
function inOtherFile({ line = 1, column: _, message, ...defect }: Defect, path: string): Defect {
  return { ...defect, message: `${quote(basename(path))} line ${line} ${message}` };
}

const NO_ANNOTATIONS: Note = {
  note: 'no annotations beside it, so no targets',
  hint: 'put v2_..._annotations.json beside it',
};

function toRow(
  { question_id, question, image_id, ...rest }: Members,
  line: number,
  answers: ReadonlyMap<unknown, Members>,
  nameOf: (id: unknown) => string,
): NamedRow | Defect {
  if (typeof question !== 'string') return { line, message: 'has no "question"', hint: 'write the question' };
  if (typeof image_id !== 'number' && typeof image_id !== 'string') return { line, message: 'has no "image_id"' };
  const annotation = answers.get(question_id);
  if (answers.size > 0 && annotation === undefined)
    return { line, message: `question ${quote(String(question_id))} is not in the annotations` };
  const { answers: given, question_type, answer_type, multiple_choice_answer } = annotation ?? {};
  const target = Array.isArray(given) ? given.map((item) => (isRecord(item) ? item['answer'] : item)) : undefined;
  const known = Object.entries({ question_type, answer_type, multiple_choice_answer });
  return {
    line,
    values: {
      id: question_id,
      prompt: question,
      image: nameOf(image_id),
      target,
      group: `image ${image_id}`,
      ...asMetadata({ ...rest, ...Object.fromEntries(known.filter(([, value]) => value !== undefined)) }),
    },
  };
}

interface Document {
  readonly members: Members;
  readonly items: readonly Members[];
  /** Where each item starts. */
  readonly lines: readonly number[];
}

async function readDocument(path: string, list: 'questions' | 'annotations'): Promise<Document | Defect> {
  const text = await readText(path, MAX_JSON_BYTES);
  if (typeof text !== 'string') return text;
  let members: unknown;
  try {
    members = JSON.parse(text);
  } catch {
    return { line: 1, ...explainJson(text) };
  }
  const items = isRecord(members) ? members[list] : members;
  if (!isRecord(members) || !Array.isArray(items) || !items.every(isRecord))
    return { line: 1, message: `has no list "${list}" of objects (it is ${nameOfType(members)})` };
  return { members, items, lines: linesOfIds(text) };
}

/** The line of each `question_id`: JSON.parse tells no positions. */
function linesOfIds(text: string): readonly number[] {
  if (!text.includes('\n')) return [];
  const lines: number[] = [];
  let line = 1;
  for (const [piece] of text.matchAll(/"question_id"\s*:|\n/gu)) {
    if (!piece.startsWith('"')) line += 1;
    else lines.push(line);
  }
  return lines;
}

/** `v2_OpenEnded_mscoco_val2014_questions.json` has its answers in `v2_mscoco_val2014_annotations.json`. */
function annotationNames(path: string): readonly string[] {
  const name = basename(path).replace(/questions/iu, 'annotations');
  const names = [name.replace(/(?:OpenEnded|MultipleChoice)_/u, ''), name].filter((other) => other !== basename(path));
  return names.map((other) => join(dirname(path), other));
}

/** Finds out by the first question where the images are. */
async function imageNames(
  path: string,
  subtype: unknown,
  first: Members | undefined,
): Promise<(id: unknown) => string> {
  // The questions of test-dev2015 are about images of test2015.
  const part = String(subtype ?? '').replace(/^test-dev/u, 'test');
  const folders = ['', `${part}/`, `Images/${part}/`, `Images/mscoco/${part}/`, `images/${part}/`, 'images/'];
  const prefixes = [`COCO_${part}_`, ''];
  const places = folders.flatMap((folder) => prefixes.map((prefix) => `${folder}${prefix}`));
  const nameIn = (place: string) => (id: unknown) => `${place}${String(id).padStart(12, '0')}.jpg`;
  const makers = places.map(nameIn);
  const found = await findFirst(makers.map((make) => join(dirname(path), make(first?.['image_id']))));
  const index = makers.findIndex((make) => join(dirname(path), make(first?.['image_id'])) === found);
  return makers[index] ?? nameIn(`${part}/COCO_${part}_`);
}

async function findFirst(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if ((await stat(path).catch(() => undefined))?.isFile()) return path;
  return undefined;
}
