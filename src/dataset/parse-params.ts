/** Parses the `params` of a sample: generation settings under our names or OpenAI's. */

import { isRecord } from '../text/is-record.ts';
import { suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';
import type { GenerateParams, ParamChanges } from '../types.ts';
import { type Complain, nameOfType } from './defect.ts';

/** Checks a value; `read` returns undefined for one that is not as expected. */
interface Reader<T> {
  readonly expected: string;
  readonly read: (value: unknown) => T | undefined;
}

type ParamName = keyof GenerateParams;
type AllParams = Required<GenerateParams>;
type MutableParams = { -readonly [Name in keyof AllParams]?: AllParams[Name] | null };
type Readers = { readonly [Name in keyof AllParams]: Reader<AllParams[Name]> };
type ResponseFormat = AllParams['responseFormat'];

const numberIn = (low: number, high: number): Reader<number> => ({
  expected: `a number from ${low} to ${high}`,
  read: (value) => (typeof value === 'number' && value >= low && value <= high ? value : undefined),
});

const integer = (low: number, expected: string): Reader<number> => ({
  expected,
  read: (value) => (typeof value === 'number' && Number.isSafeInteger(value) && value >= low ? value : undefined),
});

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const text: Reader<string> = { expected: 'text', read: (value) => (isText(value) ? value : undefined) };

const texts: Reader<readonly string[]> = {
  expected: 'text or a list of texts',
  read: (value) => {
    const list: unknown = isText(value) ? [value] : value;
    return Array.isArray(list) && list.length > 0 && list.every(isText) ? list : undefined;
  },
};

const responseFormat: Reader<ResponseFormat> = {
  expected: '{"type": "text"}, {"type": "json_object"} or {"type": "json_schema", "name": ..., "schema": ...}',
  read: readResponseFormat,
};

const TRANSCRIPT_FORMATS = ['json', 'verbose_json', 'diarized_json'] as const;

/** Ranges as in OpenAI's specification of chat completions; some endpoints take less. */
const READERS: Readers = {
  temperature: numberIn(0, 2),
  topP: numberIn(0, 1),
  maxTokens: integer(1, 'a whole number from 1'),
  seed: integer(Number.MIN_SAFE_INTEGER, 'a whole number'),
  stop: texts,
  frequencyPenalty: numberIn(-2, 2),
  presencePenalty: numberIn(-2, 2),
  reasoningEffort: text,
  responseFormat,
  voice: text,
  language: text,
  prompt: text,
  transcriptFormat: {
    expected: 'json, verbose_json or diarized_json',
    read: (value) => TRANSCRIPT_FORMATS.find((format) => format === value),
  },
  chunkingStrategy: { expected: '"auto" or an object of texts, numbers and booleans', read: readChunkingStrategy },
};

const isParamName = (name: string): name is ParamName => Object.hasOwn(READERS, name);

/** OpenAI's names for our settings. */
const WIRE_NAMES: ReadonlyMap<string, ParamName> = new Map<string, ParamName>([
  ['top_p', 'topP'],
  ['max_tokens', 'maxTokens'],
  ['max_completion_tokens', 'maxTokens'],
  ['frequency_penalty', 'frequencyPenalty'],
  ['presence_penalty', 'presencePenalty'],
  ['reasoning_effort', 'reasoningEffort'],
  ['response_format', 'responseFormat'],
  ['chunking_strategy', 'chunkingStrategy'],
]);

/** The settings of a sample, null for those to leave out; undefined when one is unknown or out of range, which is reported. */
export function parseParams(value: unknown, complain: Complain): ParamChanges | undefined {
  if (!isRecord(value)) {
    complain(`"params" is ${nameOfType(value)}, not an object`, 'write {"temperature": 0}');
    return undefined;
  }
  const params: MutableParams = {};
  let isGood = true;
  const fail: Complain = (message, hint) => {
    isGood = false;
    complain(message, hint);
  };
  for (const [written, member] of Object.entries(value)) {
    const name = isParamName(written) ? written : WIRE_NAMES.get(written);
    if (name === undefined) fail(`"params" has the unknown member ${quote(written)}`, suggest(written, KNOWN));
    else if (name in params) fail(`"params" has more than one ${name}`, 'keep one of them');
    else if (member === null) params[name] = null;
    else put(params, name, member, written, fail);
  }
  return isGood ? params : undefined;
}

const KNOWN = [...Object.keys(READERS), ...WIRE_NAMES.keys()];

function put<Name extends ParamName>(
  params: MutableParams,
  name: Name,
  value: unknown,
  written: string,
  complain: Complain,
): void {
  const reader: Reader<AllParams[Name]> = READERS[name];
  const read = reader.read(value);
  if (read === undefined) complain(`params.${written} is ${shown(value)}`, `it must be ${reader.expected}`);
  else params[name] = read;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  return typeof value === 'number' ? String(value) : nameOfType(value);
}

/** Accepts our flat form (`{type, name, schema, strict}`) and OpenAI's, which nests it in `json_schema`. */
function readResponseFormat(value: unknown): ResponseFormat | undefined {
  if (!isRecord(value)) return undefined;
  const { type, ...own } = value;
  if (type === 'text' || type === 'json_object') return Object.keys(own).length === 0 ? { type } : undefined;
  const inner: unknown = 'json_schema' in own ? own['json_schema'] : own;
  if (type !== 'json_schema' || !isRecord(inner)) return undefined;
  const { name, schema, strict, ...others } = inner;
  if (!isText(name) || !isRecord(schema) || Object.keys(others).length > 0) return undefined;
  if (strict === undefined || strict === null) return { type, name, schema };
  return typeof strict === 'boolean' ? { type, name, schema, strict } : undefined;
}

function readChunkingStrategy(value: unknown): AllParams['chunkingStrategy'] | undefined {
  if (value === 'auto') return value;
  if (!isRecord(value) || !Object.values(value).every(isPlain)) return undefined;
  return value as Readonly<Record<string, string | number | boolean>>;
}

const isPlain = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
