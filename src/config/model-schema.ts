/** The schema of models and variants in a configuration, the one source of checks, types and the JSON Schema. */

import { z } from 'zod';
import { MODALITIES } from '../modalities.ts';
import { PROVIDERS, providerNamed } from '../providers/registry.ts';
import { DIALECTS, type DialectName } from '../providers/transcription/registry.ts';
import { placeholdersOf } from '../text/placeholders.ts';
import { CODE_FILE, isCodeFile } from './code-file.ts';
import { VARIABLE_NAME } from './references.ts';

/** Longest delay of a timer (a signed 32-bit number of milliseconds, 24.8 days); Node fires longer ones at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Used in CSV headers, file names and on the command line; `@` separates model and variant. */
const idSchema = z
  .string()
  .max(100)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._:/+-]*$/u, {
    error:
      'must start with a letter or digit and contain only letters, digits and . _ : / + - · for example `gpt-4o-mini`',
  });

const textSchema = z.string().min(1);
/** Names of models and rules are searched with patterns, some in quadratic time. A path on a server is shorter. */
const nameSchema = textSchema.max(1000);
const countSchema = z.int().min(1);
const rateSchema = z.number().min(0);

/** Texts that replace a prompt: `{{prompt}}`, `{{id}}`, `{{group}}`, `{{meta.<key>}}`. */
const templateSchema = textSchema.check((context) => {
  for (const name of placeholdersOf(context.value))
    if (!/^(?:prompt|id|group|meta\..+)$/.test(name))
      context.issues.push({
        code: 'custom',
        input: context.value,
        message: `contains the unknown placeholder {{${name}}} · known: {{prompt}}, {{id}}, {{group}}, {{meta.<key>}}`,
      });
});

const responseFormatSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['text', 'json_object']) }),
  z.strictObject({
    type: z.literal('json_schema'),
    name: z.string().regex(/^[\w-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, _ or -' }),
    schema: z
      .union([z.record(z.string(), z.unknown()), textSchema])
      .describe('A JSON Schema, or the path of its file, relative to this one.'),
    strict: z.boolean().exactOptional(),
  }),
]);

/** Takes a parameter out that the model, or the file, sets. */
const orLeftOut = <Schema extends z.ZodType>(schema: Schema) => schema.nullable().exactOptional();

/** Ranges are the widest of any dialect (OpenAI's specification, `CreateChatCompletionRequest`); providers narrow them. */
const paramsSchema = z
  .strictObject({
    temperature: orLeftOut(z.number().min(0).max(2)),
    topP: orLeftOut(z.number().min(0).max(1)),
    maxTokens: orLeftOut(countSchema),
    seed: orLeftOut(z.int()),
    stop: orLeftOut(
      z.union([textSchema, z.array(textSchema).min(1)]).transform((stop) => (typeof stop === 'string' ? [stop] : stop)),
    ),
    frequencyPenalty: orLeftOut(z.number().min(-2).max(2)),
    presencePenalty: orLeftOut(z.number().min(-2).max(2)),
    reasoningEffort: orLeftOut(textSchema),
    responseFormat: orLeftOut(responseFormatSchema),
    voice: orLeftOut(textSchema),
    language: orLeftOut(textSchema),
    prompt: orLeftOut(textSchema),
    transcriptFormat: orLeftOut(z.enum(['json', 'verbose_json', 'diarized_json'])),
    chunkingStrategy: orLeftOut(
      z.union([z.literal('auto'), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))]),
    ),
  })
  .describe('Generation settings; what is left out, or null, is not sent.');

const authSchema = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('key'),
      env: z
        .string()
        .regex(VARIABLE_NAME, { error: 'must be the name of an environment variable' })
        .describe('Name of the environment variable that holds the key.'),
    }),
    z.strictObject({ type: z.literal('entra'), scope: textSchema.exactOptional() }),
    z.strictObject({ type: z.literal('none') }),
  ])
  .describe('How requests are authenticated.');

const limitsSchema = z
  .strictObject({
    concurrency: z
      .union([countSchema, z.literal('auto')])
      .exactOptional()
      .describe('Requests in flight, or auto.'),
    requestsPerMinute: z.number().gt(0).exactOptional(),
    tokensPerMinute: z.number().gt(0).exactOptional(),
    timeoutMs: countSchema.max(MAX_TIMER_MS).exactOptional().describe('One attempt, from sending to the last byte.'),
    deadlineMs: countSchema.max(MAX_TIMER_MS).exactOptional().describe('A request with its waits and retries.'),
    retries: z.int().min(0).exactOptional().describe('Further attempts after the first, for transient failures.'),
  })
  .describe('Limits of the requests to the endpoint.');

/** Two rates for the same part of a request. */
const SAME_PART = [
  ['perAudioMinute', 'audioPromptPerMillion'],
  ['perPage', 'imagePromptPerMillion'],
  ['promptPerMillionCharacters', 'promptPerMillion'],
] as const;

const priceSchema = z
  .strictObject({
    promptPerMillion: rateSchema.exactOptional(),
    completionPerMillion: rateSchema.exactOptional(),
    cachedPromptPerMillion: rateSchema.exactOptional(),
    cacheWritePerMillion: rateSchema.exactOptional(),
    imagePromptPerMillion: rateSchema.exactOptional(),
    audioPromptPerMillion: rateSchema.exactOptional(),
    audioCompletionPerMillion: rateSchema.exactOptional(),
    perAudioMinute: rateSchema.exactOptional().describe('USD for a minute of sound in the prompt.'),
    perPage: rateSchema.exactOptional().describe('USD for a page; an image is one.'),
    promptPerMillionCharacters: rateSchema.exactOptional().describe('USD for 1,000,000 characters of the prompt.'),
    batchDiscount: z.number().min(0).max(1).exactOptional().describe('Fraction taken off for batch APIs, e.g. 0.5.'),
    tiers: z
      .array(
        z.strictObject({
          abovePromptTokens: countSchema,
          promptPerMillion: rateSchema.exactOptional(),
          completionPerMillion: rateSchema.exactOptional(),
          cachedPromptPerMillion: rateSchema.exactOptional(),
          cacheWritePerMillion: rateSchema.exactOptional(),
          audioPromptPerMillion: rateSchema.exactOptional(),
        }),
      )
      .min(1)
      .refine(
        (tiers) => tiers.every((tier, index) => tier.abovePromptTokens > (tiers[index - 1]?.abovePromptTokens ?? 0)),
        {
          error: 'must rise in abovePromptTokens from tier to tier',
        },
      )
      .exactOptional(),
  })
  .check(({ value, issues }) => {
    for (const [unit, token] of SAME_PART)
      if (value[unit] !== undefined && value[token] !== undefined)
        issues.push({
          code: 'custom',
          input: value,
          message: `has ${unit} and ${token}, two rates for the same · keep one`,
        });
  })
  .describe('USD per 1,000,000 tokens, minute or page; what is left out is unknown, never 0.');

const imageSchema = z
  .strictObject({
    maxEdge: countSchema.exactOptional().describe('Longest side in pixels; larger images are scaled down.'),
    format: z
      .enum(['png', 'jpeg', 'webp', 'keep'])
      .exactOptional()
      .describe('Form of every image; keep: only what the model does not take is converted.'),
    quality: z.int().min(1).max(100).exactOptional().describe('Of JPEG and WebP; 90 if left out.'),
  })
  .refine(({ format, quality }) => format !== 'png' || quality === undefined, {
    error: 'sets a quality, which PNG does not have',
  });

const audioSchema = z.strictObject({
  format: z
    .enum(['wav', 'keep'])
    .exactOptional()
    .describe(
      'wav, if left out: every clip is sent as WAV; keep: only what the model does not take, or what is too long.',
    ),
  sampleRate: z
    .int()
    .min(1000)
    .max(192_000)
    .exactOptional()
    .describe('Hz of the WAV files; that of the clip if left out.'),
  maxSeconds: z.number().gt(0).exactOptional().describe('Longer clips are cut after it.'),
});

const mediaSchema = z
  .union([
    z.literal('auto'),
    z
      .strictObject({
        image: imageSchema.exactOptional(),
        audio: audioSchema.exactOptional(),
        document: z.literal('pages').exactOptional().describe('pages: a PDF is sent as an image of each page.'),
        dpi: z.int().min(36).max(600).exactOptional().describe('Pixels per inch of these images; 150 if left out.'),
      })
      .refine(({ document, dpi }) => dpi === undefined || document !== undefined, {
        error: 'sets dpi, which only document: pages uses',
      }),
  ])
  .describe('How media are changed before they are sent; auto: to what the model takes.');

const detailSchema = z.enum(['auto', 'low', 'high', 'original']);

/** Members that a variant may change. */
const changeable = {
  system: z.string().exactOptional().describe('System message; a sample’s own wins, an empty one means none.'),
  template: templateSchema.exactOptional().describe('Replaces the prompt.'),
  params: paramsSchema.exactOptional(),
  media: mediaSchema.exactOptional(),
  detail: detailSchema.exactOptional().describe('For images without their own.'),
};

/** A header's name and value as they may go on the wire (RFC 9110, sections 5.1 and 5.5). */
const headersSchema = z.record(
  z.string().regex(/^[!#$%&'*+.^_`|~\w-]+$/, { error: 'is not a header name' }),
  z.string().regex(/^[^\u0000-\u0008\u000a-\u001f\u007f]*$/, { error: 'contains a line break or a control character' }),
);

/** One of ours, or the name or file of a user's own. */
const providerSchema = z
  .string()
  .check((context) => {
    if (providerNamed(context.value) !== undefined || isCodeFile(context.value)) return;
    context.issues.push({ code: 'invalid_value', values: Object.keys(PROVIDERS), input: context.value });
  })
  .meta({ anyOf: [{ enum: Object.keys(PROVIDERS) }, { pattern: CODE_FILE.source }] });

/** An entry of `models`. */
export const modelSchema = z.strictObject({
  id: idSchema.describe('Names the model in every report; unique.'),
  provider: providerSchema,
  model: nameSchema.describe('The name in requests.'),
  endpoint: textSchema.exactOptional(),
  auth: authSchema.exactOptional(),
  apiVersion: textSchema.exactOptional(),
  api: z.enum(['chat', 'responses']).exactOptional().describe('The protocol: chat completions, or the Responses API.'),
  dialect: z
    .enum(Object.keys(DIALECTS) as DialectName[])
    .exactOptional()
    .describe('The protocol of provider transcription.'),
  sendPrompt: z.boolean().exactOptional().describe('Whether provider transcription sends the text of a sample.'),
  deployment: textSchema.exactOptional().describe('Managed online endpoints: the deployment to pin.'),
  headers: headersSchema.exactOptional().describe('Extra request headers.'),
  extraBody: z.record(z.string(), z.unknown()).exactOptional().describe('Extra members of the request body.'),
  modalities: z.array(z.enum(MODALITIES)).min(1).exactOptional().describe('What the model accepts.'),
  maxImages: countSchema.exactOptional().describe('Images in one request.'),
  maxPages: countSchema.exactOptional().describe('Pages of all documents of one request.'),
  imageHistory: z.enum(['all', 'last', 'error']).exactOptional(),
  maxMediaBytes: countSchema.exactOptional().describe('Largest single media file.'),
  audioFormats: z
    .array(
      z.string().regex(/^(?:audio\/)?[\w.+-]+$/, { error: 'must be an audio type · for example `audio/wav` or `mp3`' }),
    )
    .min(1)
    .exactOptional()
    .describe('Audio types that the model accepts.'),
  audioEncoding: z.enum(['input_audio', 'audio_url']).exactOptional(),
  remoteMedia: z.enum(['pass', 'inline']).exactOptional(),
  role: z
    .literal('judge')
    .exactOptional()
    .describe('Keeps the model out of the comparison: only the scorer `judge` asks it.'),
  ...changeable,
  stream: z.boolean().exactOptional(),
  thinking: z
    .enum(['apart', 'inAnswer'])
    .exactOptional()
    .describe('Whether thinking is kept apart from the answer that is scored; changes no request.'),
  reasoning: z
    .boolean()
    .exactOptional()
    .describe('Whether reasoning-model rules apply; by the model’s name if left out.'),
  http2: z.boolean().exactOptional(),
  allowInsecure: z.boolean().exactOptional().describe('Allow a key over plain http to a host that is not loopback.'),
  limits: limitsSchema.exactOptional(),
  limitGroup: textSchema.exactOptional().describe('Models that name the same group share one quota.'),
  price: priceSchema.exactOptional(),
  tokens: z
    .strictObject({
      image: nameSchema.exactOptional(),
      audio: nameSchema.exactOptional(),
      text: nameSchema.exactOptional(),
      document: nameSchema.exactOptional(),
    })
    .exactOptional()
    .describe('Token rules for a deployment whose name does not identify the model.'),
});

export type ModelEntry = z.infer<typeof modelSchema>;

/** An entry of `variants`: every model runs with each. */
export const variantSchema = z.strictObject({
  id: idSchema.describe('Names the variant: `<model>@<variant>`.'),
  ...changeable,
});

export type VariantEntry = z.infer<typeof variantSchema>;
