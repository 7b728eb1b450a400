/** When hosts stop serving models, as their schedules say. */

import type { FactRow } from './fact-row.ts';

const MICROSOFT = { hosts: ['azure'], source: "Microsoft's schedule", asOf: '2026-07-07' } as const;
const OPENAI = { hosts: ['openai'], source: "OpenAI's deprecations page", asOf: '2026-10-28' } as const;
/** Anthropic's dates hold for its own API and for Microsoft Foundry (its deprecations page). */
const ANTHROPIC = {
  hosts: ['anthropic', 'azure'],
  source: "Anthropic's deprecations page",
  asOf: '2026-11-26',
} as const;
const GOOGLE = { hosts: ['google'], source: "Google's deprecations page", asOf: '2026-06-02' } as const;

export const RETIREMENTS: readonly FactRow[] = [
  {
    names: ['gpt-4o-mini-transcribe', 'whisper', 'tts', 'tts-hd'],
    models: /gpt-4o-mini-transcribe|(^|[^a-z0-9])whisper|(?<!gpt-.*)(^|[^a-z0-9])tts/,
    retiresOn: '2026-12-15',
    ...MICROSOFT,
  },
  {
    names: ['gpt-4o-transcribe', 'gpt-4o-transcribe-diarize'],
    models: /gpt-4o-transcribe/,
    retiresOn: '2026-10-15',
    ...MICROSOFT,
  },
  { names: ['gpt-audio-mini'], models: /gpt-audio-mini/, retiresOn: '2026-12-15', ...MICROSOFT },
  { names: ['gpt-audio-1.5'], models: /gpt-audio-1[.-]5/, retiresOn: '2027-02-23', ...MICROSOFT },
  { names: ['gpt-audio'], models: /gpt-audio/, retiresOn: '2027-02-28', ...MICROSOFT },
  {
    names: ['gpt-4o', 'gpt-4o-mini'],
    models: /(?<!chat)gpt-4o(?![a-z0-9])(?!.*(audio|realtime|search|transcribe|tts))/,
    retiresOn: '2026-10-01',
    ...MICROSOFT,
  },
  {
    names: ['gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano'],
    models: /gpt-4\.1/,
    retiresOn: '2026-10-14',
    ...MICROSOFT,
  },
  {
    names: ['o3', 'o4-mini'],
    models: /(^|[^a-z0-9])(o3(?!-(mini|pro))|o4-mini)(?![a-z0-9.])(?!.*deep-research)/,
    retiresOn: '2026-10-16',
    ...MICROSOFT,
  },
  { names: ['gpt-5.2'], models: /gpt-5\.2(?!.*(chat|codex|pro))/, retiresOn: '2026-12-12', ...MICROSOFT },
  {
    names: ['Llama-3.2-11B-Vision-Instruct', 'Llama-3.2-90B-Vision-Instruct'],
    models: /llama-3[.-]2.*vision/,
    retiresOn: '2026-06-13',
    ...MICROSOFT,
  },
  { names: ['Phi-4-multimodal-instruct'], models: /phi-4-?(mm|multimodal)/, retiresOn: null, ...MICROSOFT },

  {
    names: ['gpt-4o-audio-preview'],
    models: /gpt-4o-audio-preview/,
    retiresOn: '2026-05-07',
    ...OPENAI,
  },
  {
    names: ['whisper-1', 'gpt-4o-transcribe', 'gpt-4o-mini-transcribe'],
    models: /(^|[^a-z0-9])whisper-1|gpt-4o-(mini-)?transcribe/,
    retiresOn: '2027-02-26',
    ...OPENAI,
  },
  {
    names: ['gpt-3.5-turbo', 'gpt-4', 'gpt-4-turbo', 'gpt-4o-2024-05-13', 'gpt-4.1-nano', 'o1', 'o3-mini', 'o4-mini'],
    models:
      /gpt-3\.5-turbo|gpt-4(?![.\w])|gpt-4o-2024-05-13|gpt-4\.1-nano|(^|[^a-z0-9])(o1|o3-mini|o4-mini)(?![a-z0-9.])(?!.*deep-research)/,
    retiresOn: '2026-10-23',
    ...OPENAI,
  },
  {
    names: ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'gpt-4.1-mini'],
    models: /(?<!chat)gpt-(4o|4\.1)(?![a-z0-9])(?!.*(audio|realtime|search|tts))/,
    retiresOn: '2027-01-14',
    ...OPENAI,
  },
  { names: ['gpt-audio'], models: /gpt-audio(?!-(mini|1[.-]5))/, retiresOn: '2027-01-20', ...OPENAI },
  {
    names: ['gpt-5', 'gpt-5-mini', 'gpt-5-nano', 'gpt-5-pro', 'o3', 'o3-pro'],
    models: /gpt-5(?!\.\d)(?!.*(chat|codex))|(^|[^a-z0-9])o3(?!-mini)(?![a-z0-9.])(?!.*deep-research)/,
    retiresOn: '2026-12-11',
    ...OPENAI,
  },
  { names: ['gpt-5.1'], models: /gpt-5\.1(?!.*(chat|codex))/, retiresOn: '2027-04-01', ...OPENAI },

  { names: ['claude-3-sonnet'], models: /claude-3-sonnet/, retiresOn: '2025-07-21', ...ANTHROPIC },
  { names: ['claude-3-5-sonnet'], models: /claude-3[.-]5-sonnet/, retiresOn: '2025-10-28', ...ANTHROPIC },
  { names: ['claude-3-opus'], models: /claude-3-opus/, retiresOn: '2026-01-05', ...ANTHROPIC },
  {
    names: ['claude-3-7-sonnet', 'claude-3-5-haiku'],
    models: /claude-3[.-](7-sonnet|5-haiku)/,
    retiresOn: '2026-02-19',
    ...ANTHROPIC,
  },
  { names: ['claude-3-haiku'], models: /claude-3-haiku/, retiresOn: '2026-04-20', ...ANTHROPIC },
  {
    names: ['claude-opus-4', 'claude-sonnet-4'],
    models: /claude-(opus|sonnet)-4([.-]0)?(-\d{8}|@.*)?$/,
    retiresOn: '2026-06-15',
    ...ANTHROPIC,
  },
  { names: ['claude-opus-4-1'], models: /claude-opus-4[.-]1(?!\d)/, retiresOn: '2026-08-05', ...ANTHROPIC },
  { names: ['claude-opus-4-5'], models: /claude-opus-4[.-]5(?!\d)/, retiresOn: '2027-01-22', ...ANTHROPIC },
  {
    names: ['gemini-2.0-flash', 'gemini-2.0-flash-lite'],
    models: /gemini-2[.-]0-flash/,
    retiresOn: '2026-06-01',
    ...GOOGLE,
  },
  { names: ['gemini-3-pro-preview'], models: /gemini-3-pro-preview/, retiresOn: '2026-03-09', ...GOOGLE },
];
