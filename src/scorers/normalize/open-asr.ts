/** The English normaliser of the Open ASR Leaderboard: Whisper's, with joined compounds and letters, and unified names. */

import { createEnglish } from './whisper-english.ts';

const FILLERS = 'hmm|mm|mhm|mmm|uh|um|ah|aha|ahh|ahm|eh|ehehe|em|hm|huh|hum|mhum|uhm|umm|uhuh';
const IS_WORDS = 'it|he|she|what|that|who|here|there|how|when|where|why|this';

/** Compounds that are written with a hyphen or a space; `=` where more than the space changes. */
const COMPOUNDS =
  'et cetera=etc|al right=alright|all right=alright|how ever|wi fi|hi fi|lo fi|sci fi|e mail|e book|e commerce|x ray|' +
  't shirt|a m|p m|o k=okay';

const SPELLINGS = 'okay:ok,kay etc:etcetera';

/** Given and family names that sound alike, each after the spelling that stands for them. */
const NAMES =
  'aaron:aron alfonso:alphonso alison:allison,alyson allen:alan,allan anne:ann anthony:antony arthur:artur brett:bret ' +
  'brian:bryan bridget:bridgette caitlin:kaitlin,kaitlyn,katelyn carl:karl carol:carole,carrol,carroll ' +
  'catherine:catharine,katherine,kathryn cathy:kathy charlie:charley,charly chris:kris christina:kristina ' +
  'christopher:cristopher,kristopher colin:collin deborah:devorah dennis:denis dominic:dominick douglas:douglass ' +
  'dylan:dillon eric:erick,erik fatima:fatimah frederick:frederik,fredrick gail:gayle gary:garry greg:gregg henry:henri ' +
  'ivonne:yvonne jackie:jacky jamie:jaime jason:jayson jeff:geoff jeffrey:geoffrey,jeffery joanne:joane,joann john:jon ' +
  'jonathan:johnathan,jonathon joseph:josef karen:caren,caryn,karin kelly:kelley,kelli,kellye kevin:kevan ' +
  'kristin:kristen laurie:lori lawrence:laurence lee:leigh leslie:lesley lily:lilly linda:lynda ' +
  'lindsay:lindsey,linsey louis:lewis lucas:lukas lynn:lynne mark:marc martin:martyn matthew:mathew mcarthur:macarthur ' +
  'mccarthy:macarthy,maccarthy mccartney:macartney mcdonald:macdonald mcgowan:macgowan mcintosh:macintosh ' +
  'mcintyre:macintyre mckay:mackay mckenzie:mackenzie mclean:maclean mcleod:macleod mcmillan:macmillan ' +
  'mcnamara:macnamara megan:meghan michael:micheal michelle:michele miriam:myriam ' +
  'mohammed:mahomet,mohamad,mohamed,mohammad,mouhamad,mouhamed,muhamad,muhammad,muhammed molly:mollie ' +
  'natalie:nathalie neil:neal nicholas:nicolas nicole:nikole patrick:patrik peter:pieter philip:phillip rachel:rachael ' +
  'rajiv:rajeev rebecca:rebekah rob:robb robin:robyn roger:rodger ronda:rhonda russell:russel sally:sallie sarah:sara ' +
  'sean:shaun,shawn shane:shayne sherry:cheri,sheri,sherrie simon:symon stacy:stacey,stacie steven:stephen ' +
  'stuart:stewart susanne:suzanne teresa:theresa terry:terri thomas:tomas toby:tobey tony:toni tracy:tracey,tracie ' +
  'veronica:veronika victor:viktor victoria:viktoria walter:walther yousef:yusef,yusuf zach:zak zachary:zachery,zackary';

const WORDS = new Map(
  `${SPELLINGS} ${NAMES}`.split(' ').flatMap((group) => {
    const [kept = '', variants = ''] = group.split(':');
    return variants.split(',').map((variant) => [variant, kept] as const);
  }),
);

const JOINED = COMPOUNDS.split('|').map((entry) => {
  const [words = '', whole = words.replace(' ', '')] = entry.split('=');
  return [new RegExp(`(?<![\\p{L}\\p{N}_])${words.replace(' ', '\\s+')}(?![\\p{L}\\p{N}_])`, 'gu'), whole] as const;
});

/** huggingface/open_asr_leaderboard `EnglishTextNormalizer` as of 2026. */
export const openAsr: (text: string) => string = createEnglish({
  fillers: FILLERS,
  isWords: IS_WORDS,
  joinWords: (text) => JOINED.reduce((joined, [words, whole]) => joined.replace(words, whole), text),
  respell: (text) => joinLetters(text.split(/\s+/u).map((word) => WORDS.get(word) ?? word)).join(' '),
});

/** `b b c` becomes `bbc`, `5 g` `5g`; with the words `a` or `i` among them only from three on. */
function joinLetters(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  let run: string[] = [];
  const flush = () => {
    const least = run.some((letter) => letter === 'a' || letter === 'i') ? 3 : 2;
    joined.push(...(run.length >= least ? [run.join('')] : run));
    run = [];
  };
  for (const word of words) {
    if (/^[\p{L}\p{N}]$/u.test(word)) run.push(word);
    else {
      flush();
      joined.push(word);
    }
  }
  flush();
  return joined.filter((word) => word !== '');
}
