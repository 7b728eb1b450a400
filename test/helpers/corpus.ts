/** Generates text on which tokenizers differ: ten scripts, emoji, code, texts like special tokens, unusual spaces. */

const SCRIPTS = [
  'The quick brown fox jumps over the lazy dog, twice; it is 3:45 PM.',
  'Übermäßig großer Straßenverkehr in Köln-Süd, naïveté à la française, İstanbul.',
  'Быстрая коричневая лиса прыгает через ленивую собаку.',
  'Η γρήγορη αλεπού πηδάει πάνω από τον τεμπέλη σκύλο.',
  'الثعلب البني السريع يقفز فوق الكلب الكسول.',
  'השועל החום המהיר קופץ מעל הכלב העצלן.',
  'तेज़ भूरी लोमड़ी आलसी कुत्ते के ऊपर से कूदती है।',
  'สุนัขจิ้งจอกสีน้ำตาลกระโดดข้ามสุนัขขี้เกียจ',
  '敏捷的棕色狐狸跳过了懒狗。今天是2026年。',
  '素早い茶色の狐がのろまな犬を飛び越える。カタカナ。',
  '빠른 갈색 여우가 게으른 개를 뛰어넘는다.',
] as const;
const EMOJI = ['🦊', '👨‍👩‍👧‍👦', '🏳️‍🌈', '👍🏽', '🇩🇪', '☕️', '🫠'] as const;
const CODE = [
  'export const sum = (xs: number[]) => xs.reduce((a, b) => a + b, 0);',
  'def f(x):\n\treturn {"k": [1_000, 0x1F, 3.14e-9]}  # note',
  '<div class="a b">&nbsp;</div>\r\n\r\n',
  'SELECT * FROM t WHERE a<>b AND c IS NOT NULL;--',
  'https://example.org/a/b?c=%20&d=é#f',
] as const;
const LOOK_ALIKES = [
  '<|endoftext|>',
  '<|im_start|>system',
  '<|fim_prefix|>',
  '<|endofprompt|>',
  '<|end|>',
  '<|image_1|>',
  '[INST]',
  '</s>',
] as const;
const ODDITIES = [
  '   \t\n\n',
  "don't WE'LL they'd",
  '\u00a0\u200b\u3000',
  '0123456789012',
  '\u0000',
  '\ud800',
  '----====',
  'a\u0301',
] as const;
const KINDS = [SCRIPTS, SCRIPTS, EMOJI, CODE, LOOK_ALIKES, ODDITIES] as const;

/** A small reproducible generator (Park and Miller's minimal standard). */
function minimalStandard(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

/** Different texts with about the given number of UTF-8 bytes in total; the same texts every time. */
export function mixedCorpus(bytes: number): readonly string[] {
  const random = minimalStandard(20_261_123);
  const texts: string[] = [];
  for (let size = 0; size < bytes; ) {
    const pieces = Array.from({ length: 1 + random(12) }, () => {
      const kind = KINDS[random(KINDS.length)] ?? SCRIPTS;
      const piece = kind[random(kind.length)] ?? '';
      return random(4) === 0 ? piece.slice(random(piece.length), piece.length) : piece;
    });
    const text = pieces.join(random(3) === 0 ? '' : ' ') + String(random(100_000));
    texts.push(text);
    size += Buffer.byteLength(text);
  }
  return texts;
}
