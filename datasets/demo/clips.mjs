/** What the clips say, who says it, and how the line spoils it. */

import { overTelephone, toWav, withNoise } from '../generator/sound.mjs';

const COMMAND = 'in-domain';
const SENTENCE = 'out-of-domain';

const clip = (slice, name, voice, words, { domain = COMMAND, stretch, snrDb, telephone } = {}) => ({
  slice,
  file: `audio/${name}.wav`,
  words,
  voice,
  domain,
  stretch,
  snrDb,
  telephone,
});

/** In the order of the manifest. */
export const CLIPS = [
  clip('command', 'command-light', 'slt', 'turn off the reading lamp in the library'),
  clip('command', 'command-timer', 'rms', 'set a timer for twenty five minutes'),
  clip('command', 'command-weather', 'awb', 'what is the weather like in copenhagen on friday'),
  clip('command', 'command-shopping', 'kal16', 'add two bottles of olive oil to the shopping list'),
  clip('command', 'command-heating', 'slt', 'set the bedroom temperature to nineteen degrees'),
  clip('command', 'command-music', 'rms', 'play some jazz music in the living room'),

  clip('number', 'number-call', 'kal16', 'call four seven one three nine six two'),
  clip('number', 'number-price', 'slt', 'the price is eighty four euros and fifty cents'),
  clip('number', 'number-code', 'rms', 'the door code is six one eight zero'),

  clip('fast', 'fast-garage', 'slt', 'close the garage door', { stretch: 0.72 }),
  clip('fast', 'fast-alarm', 'rms', 'set an alarm for half past seven tomorrow', { stretch: 0.72 }),
  clip('slow', 'slow-robot', 'slt', 'move forward fifteen meters', { stretch: 1.5 }),
  clip('slow', 'slow-cards', 'kal16', 'play the queen of diamonds', { stretch: 1.5 }),

  clip('telephone', 'telephone-coffee', 'rms', 'switch on the coffee machine please', { telephone: true }),
  clip('telephone', 'telephone-rain', 'slt', 'will it rain in stockholm tomorrow', { telephone: true }),

  clip('noise-20db', 'noise-20db-blinds', 'slt', 'open the blinds in the dining room', { snrDb: 20 }),
  clip('noise-20db', 'noise-20db-heater', 'rms', 'turn on the heater in the office', { snrDb: 20 }),
  clip('noise-10db', 'noise-10db-blinds', 'slt', 'open the blinds in the dining room', { snrDb: 10 }),
  clip('noise-10db', 'noise-10db-heater', 'rms', 'turn on the heater in the office', { snrDb: 10 }),
  clip('noise-5db', 'noise-5db-blinds', 'slt', 'open the blinds in the dining room', { snrDb: 5 }),
  clip('noise-5db', 'noise-5db-heater', 'rms', 'turn on the heater in the office', { snrDb: 5 }),

  clip('sentence', 'sentence-meeting', 'rms', 'she asked him to wait outside until the meeting was over', {
    domain: SENTENCE,
  }),
  clip('sentence', 'sentence-schools', 'kal16', 'the government wants to spend more money on public schools', {
    domain: SENTENCE,
  }),
  clip('sentence', 'sentence-street', 'slt', 'the children were playing in the street after school', {
    domain: SENTENCE,
  }),
  clip('sentence', 'sentence-news', 'rms', 'most people think that the new law is a good idea', { domain: SENTENCE }),
];

/** The clip's bytes. */
export async function record({ words, voice, stretch, snrDb, telephone }, speak, seed) {
  let sound = await speak(words, { voice, stretch });
  if (telephone === true) sound = overTelephone(sound);
  if (snrDb !== undefined) sound = withNoise(sound, snrDb, seed);
  return toWav(sound);
}
