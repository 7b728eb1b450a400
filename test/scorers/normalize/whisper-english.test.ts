import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { americanSpelling } from '../../../src/scorers/normalize/american-spelling.ts';
import { englishNumbers } from '../../../src/scorers/normalize/english-numbers.ts';
import { whisperBasic } from '../../../src/scorers/normalize/whisper-basic.ts';
import { whisperEnglish } from '../../../src/scorers/normalize/whisper-english.ts';

describe('numbers', () => {
  test.each([
    ['one', 'one'],
    ['ones', 'ones'],
    ['twenty one', '21'],
    ['one oh one', '101'],
    ['nineteen eighty four', '1984'],
    ['two hundred and five dollars', '$205'],
    ['two hundred nineteen', '219'],
    ['one hundred twenty third', '123rd'],
    ['twenty two twenty', '2220'],
    ['five forty', '540'],
    ['nineteen sixties', '1960s'],
    ['sixes and sevens', '6s and 7s'],
    ['two hundreds', '200s'],
    ['hundred', '100'],
    ['one million two hundred thousand', '1200000'],
    ['one point two three billion', '1230000000'],
    ['one point two three four five thousand', 'one.2345 1000'],
    ['three point one four', '3.14'],
    ['point five', '.5'],
    ['the point is', 'the point is'],
    ['point hundred', '100'],
    ['minus three', '-3'],
    ['minus the rest', 'minus the rest'],
    ['five per cent', '5%'],
    ['five per day', '5 per day'],
    ['per cent', 'per cent'],
    ['percent', 'percent'],
    ['one and two', 'one and 2'],
    ['five and friends', '5 and friends'],
    ['triple six', '666'],
    ['double six five', '665'],
    ['five double oh', '500'],
    ['double trouble', 'double trouble'],
    ['double twenty', 'double 20'],
    ['three double hundred', '3 double 100'],
    ['one dollar', '$one'],
    ['dollars', 'dollars'],
    ['three dollars and seven cents', '$3.07'],
    ['three and a half', '3.5'],
    ['a day and a half', 'a day and a half'],
    ['and a half', ''],
    ['one thousand and a half', '1000.5'],
    ['$3 million', '$3000000'],
    ['2.5 million', '2500000'],
    ['2.0', '2'],
    ['192 point 168 point 0', '192.168.0'],
    ['five 6', '5 6'],
    ['0 hundred', '0'],
    ['0 o', '0'],
    ['10km', '10 km'],
    ['3 rd', '3rd'],
    ['twentieth', '20th'],
    ['two twentieth', '220th'],
    ['eighth', '8th'],
    ['', ''],
  ])('%j is written %j', (spoken, written) => {
    expect(englishNumbers(spoken)).toBe(written);
  });

  test('any sum of thousands, hundreds, tens and ones is written in digits', () => {
    const ones =
      'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen';
    const small = [...ones.split(' '), 'seventeen', 'eighteen', 'nineteen'];
    const tens = 'zero ten twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
    const below100 = (n: number) =>
      n < 20 ? (small[n] ?? '') : `${tens[Math.floor(n / 10)]}${n % 10 === 0 ? '' : ` ${small[n % 10]}`}`;
    const below1000 = (n: number): string =>
      n < 100
        ? below100(n)
        : `${small[Math.floor(n / 100)]} hundred${n % 100 === 0 ? '' : ` and ${below100(n % 100)}`}`;
    const say = (n: number): string =>
      n < 1000
        ? below1000(n)
        : `${below1000(Math.floor(n / 1000))} thousand${n % 1000 === 0 ? '' : ` ${below1000(n % 1000)}`}`;
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 999_999 }), (n) => {
        expect(englishNumbers(say(n))).toBe(String(n));
      }),
    );
  });
});

describe('spelling', () => {
  test.each([
    ['colourful neighbourhoods honour favourites', 'colorful neighborhoods honor favorites'],
    [
      'centre centred centring kilometres theatregoers litres',
      'center centered centering kilometers theatergoers liters',
    ],
    ['travelled traveller marvellous counsellor jewellery', 'traveled traveler marvelous counselor jewelry'],
    [
      'cancelled cancellation cancelation called pulled seller',
      'canceled cancellation cancellation called pulled seller',
    ],
    ['fulfil fulfilment enrols skilful wilfully install', 'fulfill fulfillment enrolls skillful willfully install'],
    ['anaesthetise paediatrician oesophagus diarrhoea', 'anesthetize pediatrician esophagus diarrhea'],
    ['manoeuvre manoeuvred manoeuvring outmanoeuvres', 'maneuver maneuvered maneuvering outmaneuvers'],
    ['analyse analysed paralysing psychoanalyses', 'analyze analyzed paralyzing psychoanalyzes'],
    [
      'organise organisations realisable publicised ghettoising',
      'organize organizations realizable publicized ghettoizing',
    ],
    ['collectivise passivisation apologising crystallised', 'collectivize passivization apologizing crystallized'],
    ['catalogue catalogued dialogues cataloguing', 'catalog cataloged dialogs cataloging'],
    ['defence licence licencing offences pretence', 'defense license licensing offenses pretense'],
    ['programme programmes programmer kilogrammes', 'program programs programmer kilograms'],
    ['grey greyish greyhound cosy cosier cosine', 'gray grayish greyhound cozy cozier cosine'],
    [
      'plough draughty gaoler sceptical sulphur chequered moulds',
      'plow drafty jailer skeptical sulfur checkered molds',
    ],
    ['tyre pyjamas yoghurt aluminium aeroplane storey tonnes', 'tire pajamas yogurt aluminum airplane story tons'],
    ['practise practising tranquillity worshipped focussed', 'practice practicing tranquility worshiped focused'],
    ['connexion disc axe mobilisation', 'connection disk ax mobilization'],
  ])('%j is written %j', (british, american) => {
    expect(americanSpelling(british)).toBe(american);
  });

  test('keeps words that only look British', () => {
    const words =
      'advertise advise arise surprised comprises exercise promising precise premises raise noises bruise guise ' +
      'franchise supervised improvised otherwise rise wiser enterprise merchandise paradise four hour your tour our ' +
      'acre before there rebelled spelling filled thesis this visit visible horizon size';
    expect(americanSpelling(words)).toBe(words);
  });

  test('applying the spelling twice changes nothing more', () => {
    const word = fc.constantFrom('colour', 'organise', 'centred', 'manoeuvring', 'anaesthetised', 'travelling', 'x');
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const once = americanSpelling(words.join(' '));
        expect(americanSpelling(once)).toBe(once);
      }),
    );
  });
});

describe('the English normaliser', () => {
  test.each([
    ["Let's go, y'all!", 'let us go you all'],
    ["He's been there; she'd gone.", 'he has been there she had gone'],
    ["I'm sure they won't, can't, don't and I'll've", 'i am sure they will not can not do not and i will have'],
    ['Mr. Park visited Assoc. Prof. Kim Jr.', 'mister park visited associate professor kim junior'],
    ["it 's 10,000.50 dollars", 'it is $10000.50'],
    ['Café naïve', 'cafe naive'],
    ['so... [music] <unk> (laughs) yes', 'so yes'],
    ['50% of nothing %', '50% of nothing '],
    ['100 %', '100 '],
    ['émr is no title', 'emr is no title'],
  ])('turns %j into %j', (text, plain) => {
    expect(whisperEnglish(text)).toBe(plain);
  });

  test('keeps brackets that do not close and empty parentheses apart', () => {
    expect(whisperBasic('a [b (c')).toBe('a b c');
    expect(whisperBasic('f() g(x) h')).toBe('f g h');
    expect(whisperBasic('a [b> c')).toBe('a c');
  });

  test('handles long hostile text in linear time', () => {
    const hostile = `${'['.repeat(50_000)}${'('.repeat(50_000)}${' '.repeat(50_000)}and a${' '.repeat(50_000)}`;

    expect(whisperEnglish(hostile).trim()).toBe('and a');
  });
});
