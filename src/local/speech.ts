/** The speech engine of both audio models: PocketSphinx compiled to WebAssembly, searching a finite-state network. */

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadOptional } from '../optional-package.ts';
import { decodeAudio, SAMPLE_RATE } from './audio.ts';
import type { MediaFile, Recognition } from './local-model.ts';

declare module 'soundswallower' {
  interface SoundSwallowerModule {
    /** Folder of the acoustic models, absolute, with a slash at its end; missing in the types of the package. */
    readonly modelBase: string;
  }
}

/** Length of one audio token: 80 ms, 12.5 tokens for each second. */
const FRAME_SAMPLES = 0.08 * SAMPLE_RATE;
/** Penalty for a new word in the open network; without it the search finds many short words. */
const WORD_INSERTION_PROBABILITY = 0.2;

/** Search beam at word ends; with the default of 7e-29 noisy clips give no sentence. */
const WORD_BEAM = 1e-40;

/** The possible sentences: a JSGF grammar, or the path of a finite-state network. */
export type Sayable =
  | { readonly type: 'jsgf'; readonly grammar: string }
  | { readonly type: 'network'; readonly path: string };

/** @throws {InputError} when soundswallower is missing. */
export async function loadSpeechEngine(sayable: Sayable): Promise<(file: MediaFile) => Promise<Recognition>> {
  const { default: createModule } = await loadOptional('soundswallower', () => import('soundswallower'));
  const modelBase = join(dirname(fileURLToPath(import.meta.resolve('soundswallower'))), 'model/');
  const module = await createModule({ modelBase });
  const network = sayable.type === 'network' ? { fsg: sayable.path, wip: WORD_INSERTION_PROBABILITY } : {};
  const decoder = new module.Decoder({ loglevel: 'FATAL', samprate: SAMPLE_RATE, wbeam: WORD_BEAM, ...network });
  await decoder.initialize();
  if (sayable.type === 'jsgf') decoder.set_grammar(sayable.grammar);
  return async (file) => {
    const samples = await decodeAudio(file);
    decoder.start();
    decoder.process_audio(samples, false, true);
    decoder.stop();
    return {
      type: 'speech',
      text: decoder.get_text(),
      frames: Math.ceil(samples.length / FRAME_SAMPLES),
      seconds: samples.length / SAMPLE_RATE,
    };
  };
}
