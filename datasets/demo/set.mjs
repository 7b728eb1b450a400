/** The demo set: pictures, clips, and the rows of their manifest. */

import { render } from '../generator/drawing.mjs';
import { createSpeaker } from '../generator/sound.mjs';
import { seedOf, stem } from '../generator/write-set.mjs';
import { CLIPS, record } from './clips.mjs';
import { PICTURES } from './pictures.mjs';

export async function createDemo() {
  const speak = await createSpeaker();
  return {
    files: [
      ...PICTURES.map((picture) => ({
        file: picture.file,
        make: () => render(picture, seedOf(picture.file)),
      })),
      ...CLIPS.map((clip) => ({ file: clip.file, make: () => record(clip, speak, seedOf(clip.file)) })),
    ],
    rows: [...PICTURES.flatMap(questions), ...CLIPS.map(transcription)],
    columns: ['id', 'prompt', 'image', 'audio', 'target', 'scorer', 'group', 'tags', 'meta.slice', 'meta.voice'],
  };
}

function questions({ file, asks, slice }) {
  const group = stem(file);
  return asks.map(({ prompt, target, scorer }, index) => {
    const id = asks.length === 1 ? group : `${group}-${index + 1}`;
    return { id, prompt, image: file, target, scorer, group, tags: 'image', 'meta.slice': slice };
  });
}

function transcription({ file, words, domain, slice, voice }) {
  return {
    id: stem(file),
    prompt: 'Transcribe the audio.',
    audio: file,
    target: words,
    scorer: 'wer',
    group: words,
    tags: `audio|${domain}`,
    'meta.slice': slice,
    'meta.voice': voice,
  };
}
