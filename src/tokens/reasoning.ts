/** Which models think before they answer, so that their answers cost thousands of tokens: by setting, request or name. */

import { comparableModel } from '../models/model-name.ts';
import { isRecord } from '../text/is-record.ts';
import type { ModelConfig } from '../types.ts';

/** What of a model decides whether it reasons. */
export type ReasoningModel = Pick<ModelConfig, 'params' | 'reasoning'> &
  Partial<Pick<ModelConfig, 'model' | 'tokens' | 'extraBody'>>;

interface ReasoningRow {
  /** Against the name as `comparableModel` spells it, vendor prefixes included. */
  readonly models: RegExp;
  readonly reasons: boolean;
  readonly source: string;
}

/** The day on which the sources of the table were read. */
export const REASONING_READ_ON = '2026-11-29';

/** The first row that matches decides; a model without a row does not reason. The rows are the vendors' defaults. */
const REASONING_MODELS: readonly ReasoningRow[] = [
  { models: /non-?(reasoning|thinking)/, reasons: false, source: 'names of xAI and Alibaba' },
  { models: /reasoning|thinking|deep-research/, reasons: true, source: 'names of many vendors' },
  { models: /gpt-([5-9]|\d\d).*-chat/, reasons: false, source: 'as on the wire, providers/chat-body.ts' },
  {
    models: /(^|[^a-z0-9])o[1-9]\d?(?![a-z0-9])|gpt-([5-9]|\d\d)|gpt-oss|codex-mini/,
    reasons: true,
    source: 'OpenAI reasoning guide; gpt-oss model card',
  },
  { models: /model-router/, reasons: true, source: 'Azure model router: reasoning models are among its targets' },
  {
    models: /gemini.*(image|tts|audio|live|embedding)/,
    reasons: false,
    source: 'Gemini thinking page, supported models',
  },
  {
    models: /gemini-(2[.-]5|[3-9]|(pro|flash|flash-lite)-latest)/,
    reasons: true,
    source: 'ai.google.dev/gemini-api/docs/thinking: on by default',
  },
  {
    models: /claude.*(fable|mythos|(opus|sonnet|haiku)-[5-9])/,
    reasons: true,
    source: 'Anthropic: on by default from the 5 family on; earlier models only on request',
  },
  { models: /deepseek.*(reasoner|speciale)|(^|[^a-z0-9])r1(?![0-9])/, reasons: true, source: 'DeepSeek API docs' },
  { models: /grok-(3-mini|[4-9]|code)/, reasons: true, source: 'xAI models page' },
  { models: /qwq|qvq|magistral/, reasons: true, source: 'Qwen and Mistral model cards' },
  { models: /qwen.*instruct|qwen.*coder/, reasons: false, source: 'Qwen3-Instruct-2507 model card' },
  {
    models: /qwen-?3(-\d+(\.\d+)?b|:|\.[5-9]|$)/,
    reasons: true,
    source: 'qwen.readthedocs.io: enable_thinking is on by default in open weights; not in qwen3-max, qwen3-vl-plus',
  },
  { models: /kimi-k2[.-][5-9]/, reasons: true, source: 'platform.moonshot.cn: thinking is on by default' },
  { models: /glm-(4[.-][5-9]|[5-9]|z1)/, reasons: true, source: 'docs.z.ai thinking-mode: on by default' },
  { models: /minimax-m\d/, reasons: true, source: 'MiniMax model cards' },
];

/** Whether the answers of a model contain reasoning, as far as the configuration says; `reasoning` of the model wins. */
export function reasons(model: ReasoningModel): boolean {
  return model.reasoning ?? requested(model) ?? byName(model);
}

function byName({ model = '', tokens }: ReasoningModel): boolean {
  // The name of a deployment may say nothing; `tokens.text` may name its model.
  const names = [model, tokens?.text ?? ''].map(comparableModel);
  return names.some((name) => reasoningRow(name)?.reasons ?? false);
}

/** The row of the table about a model, by its name as `comparableModel` spells it; undefined = nothing is known. */
export function reasoningRow(name: string): Pick<ReasoningRow, 'reasons' | 'source'> | undefined {
  return REASONING_MODELS.find(({ models }) => models.test(name));
}

/** What the request asks for; undefined = nothing. */
function requested({ params, extraBody = {} }: ReasoningModel): boolean | undefined {
  const effort = params.reasoningEffort ?? extraBody['reasoning_effort'];
  if (typeof effort === 'string') return effort !== 'none';
  return switches(extraBody).find((value) => value !== undefined);
}

/** The switches of the vendors, as members of the request's body. */
function switches(body: Readonly<Record<string, unknown>>): readonly (boolean | undefined)[] {
  const member = (of: unknown, name: string) => (isRecord(of) ? of[name] : undefined);
  const flag = (value: unknown) => (typeof value === 'boolean' ? value : undefined);
  // Anthropic, Kimi, GLM: `thinking.type` is enabled, adaptive or disabled.
  const type = member(body['thinking'], 'type');
  const budget = member(member(body['generationConfig'], 'thinkingConfig'), 'thinkingBudget');
  const template = body['chat_template_kwargs'];
  // OpenRouter: `reasoning` with enabled, effort or max_tokens.
  const reasoning = body['reasoning'];
  const isOff = member(reasoning, 'enabled') === false || member(reasoning, 'effort') === 'none';
  return [
    typeof type === 'string' ? type !== 'disabled' : undefined,
    typeof budget === 'number' ? budget !== 0 : undefined,
    flag(member(template, 'enable_thinking')) ?? flag(member(template, 'thinking')) ?? flag(body['enable_thinking']),
    isRecord(reasoning) ? !isOff : undefined,
  ];
}
