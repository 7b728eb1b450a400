/** Speech services that transcribe one clip a request: a dialect for each kind of endpoint. */

import { InputError } from '../errors.ts';
import { isLoopback } from '../text/loopback.ts';
import type { Message, ModelConfig } from '../types.ts';
import { defineProvider } from './define-provider.ts';
import type { ConfigProblem, Provider } from './provider.ts';
import { PLACEHOLDER } from './transcription/local.ts';
import { dialectOf } from './transcription/registry.ts';
import { wireSettings } from './wire-settings.ts';

/** Every parameter of any provider; a dialect sends some. */
const PARAMS = [
  'temperature',
  'topP',
  'maxTokens',
  'seed',
  'stop',
  'frequencyPenalty',
  'presencePenalty',
  'reasoningEffort',
  'responseFormat',
  'voice',
  'language',
  'prompt',
  'transcriptFormat',
  'chunkingStrategy',
] as const;

const defined = defineProvider({
  description: 'speech services: /audio/transcriptions of OpenAI, Azure, vLLM, Groq, Mistral, and Azure Speech',
  modalities: ['text', 'audio'],
  sends: ['apiVersion', 'dialect', 'sendPrompt'],
  route(model) {
    const route = dialectOf(model.dialect).route(model);
    return { ...route, problems: [...(route.problems ?? []), ...problemsOf(model)] };
  },
  params: ({ dialect = 'openai' }) => ({
    notSent: PARAMS.filter((name) => !dialectOf(dialect).params.includes(name)),
    why: `dialect ${dialect} of transcription has no such setting`,
  }),
  heard: (messages, { sendPrompt }) => heard(messages, sendPrompt === true),
});

export const transcription: Provider = {
  ...defined,
  notes: (model) => [...defined.notes(model), ...unsentTexts(model)],
  problems: (model, env) => (isUnstarted(model) ? problemsOf(model) : defined.problems(model, env)),
  wireSettings: (model) =>
    model.dialect === 'local' && (model.endpoint === undefined || isLoopback(new URL(model.endpoint)))
      ? wireSettings(model, new URL(defined.url({ ...model, endpoint: PLACEHOLDER })))
      : defined.wireSettings(model),
  create: (model, context) => {
    if (isUnstarted(model)) throw new InputError({ message: `${model.id}: the embedded endpoint was not started` });
    return defined.create(model, context);
  },
};

const isUnstarted = ({ dialect, endpoint }: ModelConfig) => dialect === 'local' && endpoint === undefined;

/** The user's messages, their texts only if they are sent. Nothing has a place for a system message. */
function heard(messages: readonly Message[], sendsText: boolean): readonly Message[] {
  return messages
    .filter(({ role }) => role === 'user')
    .map(({ role, content }) => ({
      role,
      content: sendsText ? content : content.filter(({ type }) => type !== 'text'),
    }));
}

function problemsOf({ id, params, sendPrompt, extraBody }: ModelConfig): readonly ConfigProblem[] {
  const own = ['file', 'audio', 'definition'].filter((name) => Object.hasOwn(extraBody ?? {}, name));
  return [
    ...(sendPrompt === true && params.prompt !== undefined
      ? [{ message: `${id}: sendPrompt and params.prompt are two prompts`, hint: 'keep one of them' }]
      : []),
    ...own.map((name) => ({
      message: `${id}: extraBody must not hold "${name}"`,
      hint: 'it comes from the sample',
    })),
  ];
}

/** Texts that are configured for conversations. */
function unsentTexts({ id, system, template, sendPrompt }: ModelConfig): readonly string[] {
  return [
    ...(system === undefined ? [] : [`${id}: the system message is not sent: a transcription has no place for it`]),
    ...(template === undefined || sendPrompt === true
      ? []
      : [`${id}: template is not sent: a prompt is sent only with sendPrompt: true`]),
  ];
}
