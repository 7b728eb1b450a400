/** Lists the dialects of `provider: transcription` by their name in a configuration. A new one is one file and one line here. */

import { azureTranscription } from './azure.ts';
import { azureSpeech } from './azure-speech.ts';
import type { Dialect } from './dialect.ts';
import { localTranscription } from './local.ts';
import { openaiTranscription } from './openai.ts';

export const DIALECTS = {
  openai: openaiTranscription,
  azure: azureTranscription,
  'azure-speech': azureSpeech,
  local: localTranscription,
} as const satisfies Record<string, Dialect>;

export type DialectName = keyof typeof DIALECTS;

/** Also an unknown name is one of them: the schema of the configuration rejects it. */
export function dialectOf(name: string | undefined): Dialect {
  const dialects: Readonly<Record<string, Dialect>> = DIALECTS;
  return (name !== undefined && Object.hasOwn(dialects, name) ? dialects[name] : undefined) ?? openaiTranscription;
}
