/** The household-assistant grammar of `asr-command`: rules over word lists, as data and rendered as JSGF. */

import * as words from './grammar-words.ts';

/** A part of a sentence: words, parts in order, one of several parts, a part that may be left out, or a named rule. */
export type Phrase =
  | string
  | { readonly type: 'all'; readonly parts: readonly Phrase[] }
  | { readonly type: 'any'; readonly parts: readonly Phrase[] }
  | { readonly type: 'maybe'; readonly part: Phrase }
  | { readonly type: 'rule'; readonly name: string; readonly part: Phrase };

const all = (...parts: readonly Phrase[]): Phrase => ({ type: 'all', parts });
const any = (...parts: readonly Phrase[]): Phrase => ({ type: 'any', parts });
const maybe = (part: Phrase): Phrase => ({ type: 'maybe', part });
const rule = (name: string, part: Phrase): Phrase => ({ type: 'rule', name, part });

/** `least` parts in a row, then up to `most`. */
function repeated(part: Phrase, least: number, most: number): Phrase {
  let tail: Phrase | undefined;
  for (let index = least; index < most; index += 1) tail = maybe(tail === undefined ? part : all(part, tail));
  const head = Array.from({ length: least }, () => part);
  return all(...head, ...(tail === undefined ? [] : [tail]));
}

const digit = rule('digit', any(...words.DIGITS));
const room = rule('room', any(...words.ROOMS));
const inRoom = all('in the', room);
const day = rule('day', any('today', 'tonight', 'tomorrow', all('on', any(...words.DAYS))));
const underHundred = rule(
  'under_hundred',
  any(...words.ONE_TO_NINE, ...words.TEN_TO_NINETEEN, all(any(...words.TENS), maybe(any(...words.ONE_TO_NINE)))),
);
const cents = rule('cents', any(...words.TENS, all(any(...words.TENS), any(...words.ONE_TO_NINE))));
const minutesPast = rule(
  'minutes_past',
  any('fifteen', 'thirty', 'forty five', 'ten', 'twenty', 'oh five', 'fifty', 'forty'),
);
const clock = rule(
  'clock',
  any(
    all(any(...words.HOURS), "o'clock"),
    all(any(...words.HOURS), maybe(minutesPast), any('a.m.', 'p.m.')),
    all(any('half', 'quarter'), 'past', any(...words.HOURS)),
  ),
);
const onOff = any('on', 'off');

const switches = rule(
  'switches',
  any(
    all(any('turn', 'switch'), onOff, 'the', any(all(maybe(room), any(...words.LIGHTS)), any(...words.APPLIANCES))),
    all(any('turn', 'switch'), onOff, 'the', any(...words.LIGHTS, ...words.APPLIANCES), inRoom),
    all(any('turn', 'switch'), 'the', any(all(room, any(...words.LIGHTS)), any(...words.APPLIANCES)), onOff),
    all(any('turn', 'switch'), onOff, 'all the', any('lights', 'lamps'), maybe(inRoom)),
    all(any('dim', 'brighten'), 'the', any(...words.LIGHTS), inRoom),
    all('dim the', room, any('light', 'lights'), 'to', underHundred, 'percent'),
    all(any('make', 'set'), 'the', room, any('light', 'lights'), any(...words.COLOURS)),
    all(any('start', 'stop'), 'the', any(...words.APPLIANCES)),
  ),
);
const openings = rule(
  'openings',
  all(any('open', 'close', 'lock', 'unlock', 'check'), 'the', any(...words.OPENINGS), maybe(inRoom)),
);
const heating = rule(
  'heating',
  any(
    all('set the', maybe(room), any('temperature', 'heating', 'thermostat'), 'to', underHundred, 'degrees'),
    all('set the', any('temperature', 'heating'), inRoom, 'to', underHundred, 'degrees'),
    all('make it', any('warmer', 'cooler', 'colder', 'brighter', 'darker'), inRoom),
    all('what is the temperature', inRoom),
  ),
);
const timers = rule(
  'timers',
  any(
    all(any('set', 'start'), 'a timer for', underHundred, any('seconds', 'minutes', 'hours')),
    all('set an alarm for', clock, maybe(day)),
    all('wake me up at', clock, maybe(day)),
    all('remind me', maybe(day), 'at', clock),
    all(any('cancel', 'stop', 'snooze'), 'the', any('timer', 'alarm')),
    all('how much time is left on the', any('timer', 'alarm')),
    all('what time is it', maybe(all('in', any(...words.CITIES)))),
  ),
);
const weather = rule(
  'weather',
  any(
    all(any("what's", 'what is', 'how is'), 'the weather', maybe('like'), 'in', any(...words.CITIES), maybe(day)),
    all('will it', any('rain', 'snow', 'be sunny', 'be windy', 'be cold'), 'in', any(...words.CITIES), maybe(day)),
    all('how', any('warm', 'cold', 'hot'), 'is it in', any(...words.CITIES)),
    all("what's the weather", maybe('like'), maybe(day)),
  ),
);
const calls = rule(
  'calls',
  any(
    all(any('call', 'dial'), repeated(digit, 3, 10)),
    all(any('call', 'message'), any(...words.PEOPLE)),
    any('answer the phone', 'hang up', 'play my messages'),
  ),
);
const code = any('code', 'pin', 'door code', 'pass code');
const codes = rule(
  'codes',
  any(
    all(any('the', 'my'), code, 'is', repeated(digit, 3, 6)),
    all('enter', maybe('the'), code, repeated(digit, 3, 6)),
  ),
);
const prices = rule(
  'prices',
  all(
    any('the price is', 'the total is', 'it costs', 'pay', 'transfer'),
    maybe(all(any(...words.ONE_TO_NINE), 'hundred', maybe('and'))),
    underHundred,
    any(...words.CURRENCIES),
    maybe(all(maybe('and'), cents, maybe('cents'))),
  ),
);
const shopping = rule(
  'shopping',
  any(
    all(
      'add',
      maybe(underHundred),
      maybe(all(any(...words.MEASURES), 'of')),
      any(...words.GROCERIES),
      'to the',
      any('shopping list', 'list'),
    ),
    all('remove', any(...words.GROCERIES), 'from the', any('shopping list', 'list')),
    all('buy', maybe(all(underHundred, maybe(all(any(...words.MEASURES), 'of')))), any(...words.GROCERIES)),
    all(any('read', 'clear'), 'the shopping list'),
  ),
);
const music = rule(
  'music',
  any(
    all('play', maybe('some'), any(...words.GENRES), 'music', maybe(inRoom)),
    all(any('pause', 'stop', 'resume'), 'the music', maybe(inRoom)),
    all(any('next', 'previous', 'skip this'), any('song', 'track')),
    all('turn the', any('volume', 'music'), any('up', 'down')),
    all('set the volume', maybe(inRoom), 'to', underHundred, maybe('percent')),
  ),
);
const moves = rule(
  'moves',
  any(
    all(any('go', 'move', 'drive'), any(...words.DIRECTIONS), maybe(all(underHundred, any('meters', 'feet', 'steps')))),
    all('turn', any('left', 'right', 'around'), maybe(all(underHundred, 'degrees'))),
    all('clean the', room),
    any('go home', 'stop moving', 'come back'),
  ),
);
const card = all(any(...words.RANKS), 'of', any(...words.SUITS));
const cards = rule(
  'cards',
  any(card, all('play', maybe('the'), card), all('draw', any(...words.ONE_TO_NINE), 'cards')),
);

/** Every sentence that `asr-command` recognises. */
export const COMMAND: Phrase = rule(
  'command',
  all(
    maybe('please'),
    any(switches, openings, heating, timers, weather, calls, codes, prices, shopping, music, moves, cards),
    maybe('please'),
  ),
);

/** Renders a phrase and the rules it names as a JSGF grammar with one public rule. */
export function toJsgf(phrase: Phrase): string {
  const rules = new Map<string, string>();
  const top = render(phrase, rules);
  const lines = [...rules].map(([name, body]) => `<${name}> = ${body};`);
  return ['#JSGF V1.0;', 'grammar household;', ...lines, `public <sentence> = ${top};`, ''].join('\n');
}

/** Every word of a phrase, sorted. */
export function wordsOf(phrase: Phrase): readonly string[] {
  const found = new Set<string>();
  const visit = (part: Phrase): void => {
    if (typeof part === 'string') for (const word of part.split(' ')) found.add(word);
    else if ('part' in part) visit(part.part);
    else part.parts.forEach(visit);
  };
  visit(phrase);
  return [...found].sort();
}

function render(phrase: Phrase, rules: Map<string, string>): string {
  if (typeof phrase === 'string') return phrase;
  switch (phrase.type) {
    case 'all':
      return phrase.parts.map((part) => render(part, rules)).join(' ');
    case 'any':
      return `( ${phrase.parts.map((part) => render(part, rules)).join(' | ')} )`;
    case 'maybe':
      return `[ ${render(phrase.part, rules)} ]`;
    case 'rule':
      if (!rules.has(phrase.name)) rules.set(phrase.name, render(phrase.part, rules));
      return `<${phrase.name}>`;
    default:
      return phrase satisfies never;
  }
}
