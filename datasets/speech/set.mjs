/** Speech: sentences in several voices, speeds and noises, and the rows of their manifest. */

import { createSpeaker, toWav, withNoise } from '../generator/sound.mjs';
import { seedOf } from '../generator/write-set.mjs';
import { CONDITIONS, UTTERANCES, VOICES } from './utterances.mjs';

/** The voice moves on with each condition (a Latin square), so that voices and conditions can be told apart. */
const CLIPS = UTTERANCES.flatMap((utterance, place) =>
  CONDITIONS.map((condition, turn) => {
    const voice = VOICES[(place + turn) % VOICES.length];
    return { utterance, condition, voice, file: `audio/${utterance.kind}-${utterance.name}-${condition.name}.wav` };
  }),
);

export async function createSpeech() {
  const speak = await createSpeaker();
  return {
    files: CLIPS.map((clip) => ({ file: clip.file, make: () => record(clip, speak) })),
    rows: CLIPS.map(transcription),
    columns: [
      ...['id', 'prompt', 'audio', 'target', 'group'],
      ...['meta.kind', 'meta.condition', 'meta.voice', 'meta.speed', 'meta.snr_db'],
    ],
  };
}

async function record({ utterance, condition: { speed = 1, snrDb }, voice, file }, speak) {
  const sound = await speak(utterance.words, { voice, stretch: Number((1 / speed).toFixed(3)) });
  return toWav(snrDb === undefined ? sound : withNoise(sound, snrDb, seedOf(file)));
}

function transcription({ utterance: { kind, name, words }, condition, voice, file }) {
  return {
    id: `${kind}-${name}-${condition.name}`,
    prompt: 'Transcribe the audio.',
    audio: file,
    target: words,
    group: `${kind}-${name}`,
    'meta.kind': kind,
    'meta.condition': condition.name,
    'meta.voice': voice,
    'meta.speed': condition.speed ?? 1,
    'meta.snr_db': condition.snrDb ?? '',
  };
}
