/** The contractions that the official VQA script completes: `dont`, `couldntve`. */

/** Their one apostrophe may be left out. */
const SINGLE =
  "ain't aren't can't could've couldn't didn't doesn't don't hadn't hasn't haven't he'd he's how'd how'll how's isn't it'd " +
  "it'll ma'am mightn't might've mustn't must've needn't not've o'clock oughtn't shan't should've shouldn't somebody'll " +
  "somebody's someone'd someone'll someone's something'd something'll that's there'd there're there's they'd they'll " +
  "they're they've 'twas wasn't we've weren't what'll what're what's what've when's where'd where's where've who'd who'll " +
  "who's who've why'll why're why's won't would've wouldn't y'all you'd you'll you're you've";

/** One of their two apostrophes may be left out. */
const DOUBLE =
  "couldn't've hadn't've he'd've it'd've mightn't've she'd've shouldn't've somebody'd've someone'd've something'd've " +
  "there'd've they'd've we'd've who'd've wouldn't've y'all'll you'd've 'ow's'at y'all'd've";

/** What the script has besides. */
const ODD: readonly (readonly [string, string])[] = [["somebody'd", 'somebodyd']];

/** By the spelling that lacks an apostrophe. */
export const CONTRACTIONS: ReadonlyMap<string, string> = new Map([
  ...SINGLE.split(' ').map((full) => [full.replace("'", ''), full] as const),
  ...DOUBLE.split(' ').flatMap((full) => withoutOne(full).map((short) => [short, full] as const)),
  ...ODD,
]);

function withoutOne(full: string): readonly string[] {
  return [...full.matchAll(/'/gu)].map(({ index }) => full.slice(0, index) + full.slice(index + 1));
}
