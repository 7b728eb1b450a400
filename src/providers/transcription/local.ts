/** `/audio/transcriptions` of the embedded endpoint, at the address it was started on. */

import type { Dialect } from './dialect.ts';
import { openaiTranscription } from './openai.ts';

/** Used before the endpoint is started, and in hashes: its port differs from run to run. */
export const PLACEHOLDER = 'http://localhost/v1';

/** The limit of its decoder. */
const MAX_SECONDS = 120;

export const localTranscription: Dialect = {
  description: 'the embedded endpoint: `asr-command`, `asr-open`',
  params: ['transcriptFormat'],
  route(model) {
    const { modelsUrl: _, ...route } = openaiTranscription.route({ ...model, endpoint: model.endpoint ?? PLACEHOLDER });
    return {
      ...route,
      auth: null,
      media: { ...route.media, audioTypes: ['audio/wav', 'audio/mpeg'], maxAudioSeconds: MAX_SECONDS },
    };
  },
};
