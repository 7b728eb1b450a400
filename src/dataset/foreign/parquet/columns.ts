/** Finds out what the columns of a Parquet file are: media, class labels, and the text of a sample. */

import type { FileMetaData, SchemaTree } from 'hyparquet';
import { isRecord } from '../../../text/is-record.ts';

/** A column of the file. */
export interface ParquetColumn {
  readonly name: string;
  /** Structs of `bytes` and `path`, or bytes alone; also lists of them. */
  readonly isMedia: boolean;
  /** Of class labels, which are numbers in the file. */
  readonly classes?: readonly string[];
}

/** The columns in the order of the file. */
export function columnsOf(metadata: FileMetaData, schema: SchemaTree): readonly ParquetColumn[] {
  const features = featuresOf(metadata);
  return schema.children.map((child) => {
    const { name } = child.element;
    const feature = features[name];
    const type = isRecord(feature) ? typeOf(feature) : undefined;
    const classes = isRecord(feature) && feature['_type'] === 'ClassLabel' ? namesOf(feature['names']) : undefined;
    const isMedia =
      type === 'Image' || type === 'Audio' || (type === undefined && isMediaStruct(child)) || isBytes(child);
    return { name, isMedia, ...(classes === undefined ? {} : { classes }) };
  });
}

/** The features that `datasets` of Hugging Face writes beside the data, by column. */
function featuresOf({ key_value_metadata: pairs = [] }: FileMetaData): Readonly<Record<string, unknown>> {
  const text = pairs.find(({ key }) => key === 'huggingface')?.value;
  try {
    const stored: unknown = JSON.parse(text ?? '{}');
    const info = isRecord(stored) ? stored['info'] : undefined;
    const features = isRecord(info) ? info['features'] : undefined;
    return isRecord(features) ? features : {};
  } catch {
    // Another program wrote it: the schema says enough.
    return {};
  }
}

/** Of a list, that of its items. */
function typeOf(feature: Readonly<Record<string, unknown>>): string | undefined {
  const { _type: type, feature: items } = feature;
  if ((type === 'Sequence' || type === 'List' || type === 'LargeList') && isRecord(items)) return typeOf(items);
  return typeof type === 'string' ? type : undefined;
}

function namesOf(names: unknown): readonly string[] | undefined {
  return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : undefined;
}

/** A struct of `bytes` and `path`, or a list of them. */
function isMediaStruct({ children, element }: SchemaTree): boolean {
  const names = children.map((child) => child.element.name);
  if (names.includes('bytes') && names.includes('path')) return true;
  const isList = element.converted_type === 'LIST' || element.repetition_type === 'REPEATED' || children.length === 1;
  return isList && children.some(isMediaStruct);
}

/** Bytes that no annotation calls text, under a name of media. */
function isBytes({ children, element }: SchemaTree): boolean {
  const { name, type, converted_type, logical_type } = element;
  const isPlain = type === 'BYTE_ARRAY' && converted_type === undefined && logical_type === undefined;
  return children.length === 0 && isPlain && /^(?:images?|audios?|bytes|picture|photo|sound|clip)$/iu.test(name);
}

/** Names that data sets have for a question and for its answer; the first one that a file has counts. */
const QUESTIONS = ['prompt', 'question', 'instruction', 'query'];
const TARGETS = ['target', 'answers', 'answer', 'transcription', 'transcript', 'sentence', 'label', 'text', 'caption'];
/** Columns with the same meaning as in a manifest of ours. */
const SAME = ['id', 'system', 'messages', 'turns', 'group', 'tags'];

/** What each column is in a manifest of ours; undefined for a medium, which its bytes decide. */
export function rolesOf(
  columns: readonly ParquetColumn[],
  { hasPrompt, mapped }: { readonly hasPrompt: boolean; readonly mapped: ReadonlySet<string> | null },
): ReadonlyMap<string, string | undefined> {
  const plain = columns.filter(({ isMedia }) => !isMedia).map(({ name }) => name);
  const first = (names: readonly string[]) => names.find((name) => plain.includes(name));
  // With a prompt of the configuration, `{{question}}` in it is the column. A map says everything itself.
  const question = mapped !== null ? undefined : hasPrompt ? first(['prompt']) : first(QUESTIONS);
  const target = mapped === null ? first(TARGETS) : undefined;
  return new Map(
    columns.map(({ name, isMedia }) => {
      if (isMedia) return [name, mapped?.has(name) === true ? name : undefined];
      if (name === question) return [name, 'prompt'];
      if (name === target) return [name, 'target'];
      const isSame = SAME.includes(name) || (mapped !== null && ['prompt', 'target'].includes(name));
      return [name, isSame ? name : `meta.${name}`];
    }),
  );
}
