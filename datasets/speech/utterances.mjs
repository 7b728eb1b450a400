/** What is said. Every voice says every sentence under some condition, and each condition has every sentence. */

const say = (kind, name, words) => ({ kind, name, words });

/** Commands are in the domain of the embedded asr-command; numbers partly; names and places hardly. */
export const UTTERANCES = [
  say('command', 'lights', 'turn off the lights in the hallway'),
  say('command', 'timer', 'set a timer for forty minutes'),
  say('command', 'heating', 'set the heating to twenty two degrees'),
  say('command', 'curtains', 'open the curtains in the bedroom'),
  say('command', 'radio', 'switch on the radio in the garage'),
  say('command', 'weather', 'will it snow in helsinki on sunday'),
  say('command', 'shopping', 'add eggs to the shopping list'),
  say('command', 'dishwasher', 'start the dishwasher'),

  say('number', 'phone', 'dial five two seven four one eight'),
  say('number', 'pin', 'my pin is three zero nine four'),
  say('number', 'price', 'it costs sixty three dollars and ninety cents'),
  say('number', 'alarm', 'wake me up at half past six'),
  say('number', 'flight', 'flight eight one five from gate twenty three'),
  say('number', 'order', 'order seven seven zero two is ready'),
  say('number', 'distance', 'fourteen kilometers to the station'),
  say('number', 'year', 'the bridge was built in nineteen thirty six'),

  say('name', 'martin', 'call martin'),
  say('name', 'sarah', 'message sarah'),
  say('name', 'doctor', 'doctor elena fischer will see you now'),
  say('name', 'meeting', 'oliver and priya meet at the harbor cafe'),
  say('name', 'street', 'turn left into wellington street'),
  say('name', 'train', 'this train stops in leicester and sheffield'),
  say('name', 'parcel', 'a parcel for victoria lindqvist'),
  say('name', 'island', 'the ferry to madeira leaves on thursday'),
];

export const VOICES = ['slt', 'rms', 'awb', 'kal16'];

/** `speed` is in shares of the usual one; `snrDb` is of white noise. */
export const CONDITIONS = [
  { name: 'clean' },
  { name: 'fast', speed: 1.4 },
  { name: 'slow', speed: 0.75 },
  { name: 'noise-20db', snrDb: 20 },
  { name: 'noise-10db', snrDb: 10 },
];
