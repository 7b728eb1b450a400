/**
 * The schema of a row of a JSONL or YAML manifest, for editors and other programs. Rows are read by `parse-sample`, which
 * says what is wrong in words and takes a million of them in seconds; a test holds both to the same rows.
 */

import { z } from 'zod';
import { MEDIUM_KINDS } from '../modalities.ts';
import { type ColumnName, columnNames } from './columns.ts';

/** Null and an empty text are absent values. */
const optional = <Schema extends z.ZodType>(schema: Schema, what: string) =>
  z
    .union([schema, z.literal(''), z.null()])
    .exactOptional()
    .describe(what);

const oneOrMore = <Schema extends z.ZodType>(schema: Schema) => z.union([schema, z.array(schema)]);

const filledText = z.string().regex(/\S/);
const name = z.union([filledText, z.int()]);
const detail = z.enum(['auto', 'low', 'high', 'original']);

const imageFile = z.union([
  z.strictObject({ path: filledText, detail: detail.exactOptional() }),
  z.strictObject({ url: filledText, detail: detail.exactOptional() }),
]);
const plainFile = z.union([z.strictObject({ path: filledText }), z.strictObject({ url: filledText })]);

const images = oneOrMore(z.union([filledText, imageFile]));
const clips = oneOrMore(z.union([filledText, plainFile]));
const files = oneOrMore(z.union([filledText, imageFile]));
const targets = oneOrMore(z.string());

/** Values of the columns of media. */
const MEDIA_VALUES = { image: images, audio: clips, document: clips, video: clips } as const;

const part = z.union([
  z.strictObject({ type: z.literal('text'), text: z.string().min(1) }),
  z.strictObject({ type: z.literal('image'), path: filledText, detail: detail.exactOptional() }),
  z.strictObject({ type: z.literal('image'), url: filledText, detail: detail.exactOptional() }),
  z.strictObject({ type: z.enum(['audio', 'document', 'video']), path: filledText }),
  z.strictObject({ type: z.enum(['audio', 'document', 'video']), url: filledText }),
  z.strictObject({
    type: z.literal('image_url'),
    image_url: z.strictObject({ url: filledText, detail: detail.exactOptional() }),
  }),
  z.strictObject({ type: z.literal('audio_url'), audio_url: z.strictObject({ url: filledText }) }),
  z.strictObject({ type: z.literal('video_url'), video_url: z.strictObject({ url: filledText }) }),
  z.strictObject({
    type: z.literal('file'),
    file: z.strictObject({ file_data: filledText, filename: z.string().exactOptional() }),
  }),
  z.strictObject({
    type: z.literal('input_audio'),
    input_audio: z.strictObject({ data: z.string().min(1), format: z.string() }),
  }),
]);
const content = z.union([filledText, z.array(part).min(1)]);

const message = z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content });

const turn = z.strictObject({
  user: content.exactOptional().describe('What the user says.'),
  prompt: content.exactOptional().describe('The same as `user`.'),
  ...Object.fromEntries(
    columnNames([...MEDIUM_KINDS, 'file_name', 'target']).map(([written, column]) => [
      written,
      { ...MEDIA_VALUES, file_name: files, target: targets }[column].nullable().exactOptional(),
    ]),
  ),
});

const responseFormat = z.union([
  z.strictObject({ type: z.enum(['text', 'json_object']) }),
  z.looseObject({ type: z.literal('json_schema') }),
]);
const orLeftOut = <Schema extends z.ZodType>(schema: Schema) => schema.nullable().exactOptional();
const stop = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
const chunkingStrategy = z.union([
  z.literal('auto'),
  z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
]);
const params = z.strictObject({
  temperature: orLeftOut(z.number().min(0).max(2)),
  topP: orLeftOut(z.number().min(0).max(1)),
  top_p: orLeftOut(z.number().min(0).max(1)),
  maxTokens: orLeftOut(z.int().min(1)),
  max_tokens: orLeftOut(z.int().min(1)),
  max_completion_tokens: orLeftOut(z.int().min(1)),
  seed: orLeftOut(z.int()),
  stop: orLeftOut(stop),
  frequencyPenalty: orLeftOut(z.number().min(-2).max(2)),
  frequency_penalty: orLeftOut(z.number().min(-2).max(2)),
  presencePenalty: orLeftOut(z.number().min(-2).max(2)),
  presence_penalty: orLeftOut(z.number().min(-2).max(2)),
  reasoningEffort: orLeftOut(z.string().min(1)),
  reasoning_effort: orLeftOut(z.string().min(1)),
  responseFormat: orLeftOut(responseFormat),
  response_format: orLeftOut(responseFormat),
  voice: orLeftOut(z.string().min(1)),
  language: orLeftOut(z.string().min(1)),
  prompt: orLeftOut(z.string().min(1)),
  transcriptFormat: orLeftOut(z.enum(['json', 'verbose_json', 'diarized_json'])),
  chunkingStrategy: orLeftOut(chunkingStrategy),
  chunking_strategy: orLeftOut(chunkingStrategy),
});

const scorer = z.union([filledText, z.looseObject({ name: filledText, weight: orLeftOut(z.number().min(0)) })]);

const COLUMNS: Readonly<Record<ColumnName, z.ZodType>> = {
  id: optional(name, 'Names the sample; a hash of its content if left out.'),
  prompt: optional(content, 'The user’s message: a text, or a list of content parts.'),
  system: optional(name, 'The system message; overrides the configuration’s.'),
  image: optional(images, 'Images: paths below the manifest’s folder, https: URLs or data: URLs.'),
  audio: optional(clips, 'Clips: paths below the manifest’s folder, https: URLs or data: URLs.'),
  document: optional(clips, 'PDF documents.'),
  video: optional(clips, 'Videos: MP4 or WebM.'),
  file_name: optional(files, 'Images, clips or documents, recognised by their first bytes.'),
  target: optional(targets, 'Acceptable answers; an empty text is an empty answer.'),
  scorer: optional(oneOrMore(scorer), 'Scorers of this sample instead of the configuration’s.'),
  group: optional(name, 'Samples of one group depend on each other.'),
  tags: optional(oneOrMore(name), 'Each tag is a slice of the results.'),
  meta: optional(z.record(z.string(), z.unknown()), 'Metadata; a key with few values is a slice of the results.'),
  messages: optional(
    z.array(message).min(1),
    'Instead of `prompt`: a conversation whose last user message is answered.',
  ),
  turns: optional(z.array(turn).min(1), 'Instead of `prompt`: user turns that the model answers one by one.'),
  params: optional(params, 'Generation settings of this sample; null leaves out what the model sets.'),
};

const ALL = Object.keys(COLUMNS).filter((column): column is ColumnName => Object.hasOwn(COLUMNS, column));

/** One sample. Members that are no columns are metadata. */
export const rowSchema = z
  .looseObject(Object.fromEntries(columnNames(ALL).map(([written, column]) => [written, COLUMNS[column]])))
  .describe('A sample. Members with other names are metadata.');
