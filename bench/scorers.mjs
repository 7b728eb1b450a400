// npm run bench:scorers: the scorers alone. Word error rates of 10,000 pairs of 100 words (under 3 s is the aim), one
// long text of every kind against another, patterns that make backtracking engines hang, and how long the registry
// takes to load.
import { execFileSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { createScorer } from '../dist/scorers/registry.js';

const sample = { id: 'bench', metadata: {} };

/** The same numbers in every run. */
let seed = 20261129;
const random = () => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return seed / 2 ** 32;
};
const words = (count) => Array.from({ length: count }, () => `w${Math.floor(random() * random() * 3000)}`);
const heard = (list, share) => list.map((word) => (random() < share ? `x${word}` : word));

async function timed(label, work) {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const note = await work();
  const { user, system } = process.cpuUsage(before);
  const [wall, cpu] = [performance.now() - start, (user + system) / 1000].map((ms) =>
    String(Math.round(ms)).padStart(6),
  );
  console.log(`${label.padEnd(64)} ${wall} ms ${cpu} ms of CPU  ${note ?? ''}`);
}

const score = (config, answer, target) => createScorer(config).score({ answer, target: [target], sample });

for (const normalizer of ['none', 'whisper-en']) {
  const pairs = Array.from({ length: 10_000 }, () => {
    const reference = words(100);
    return [heard(reference, 0.1).join(' '), reference.join(' ')];
  });
  const scorer = createScorer({ name: 'wer', normalizer });
  await timed(`wer, normalizer ${normalizer}: 10,000 pairs of 100 words`, async () => {
    for (const [answer, target] of pairs) await scorer.score({ answer, target: [target], sample });
  });
}

for (const [name, config] of Object.entries({
  wer: {},
  'wer of whisper-en': { name: 'wer', normalizer: 'whisper-en' },
  cer: {},
}))
  for (const share of [0.001, 0.01, 0.1, 1]) {
    const reference = words(180_000);
    const [target, answer] = [reference.join(' '), heard(reference, share).join(' ')];
    await timed(`${name}: 1 MB against 1 MB, ${share * 100} % of the words wrong`, async () => {
      const { raw, explanation } = await score({ name, ...config }, answer, target);
      return raw ?? explanation;
    });
  }

const HANGING = [
  '(a+)+b',
  '(a|aa)+$b',
  '(a*)*b',
  '^(.*a){25}b',
  '(x+x+)+y',
  '([a-z]+)*\\d',
  '(.*)(.*)(.*)(.*)(.*)[^a]b',
];
for (const length of [10_000, 100_000])
  await timed(`regex: ${HANGING.length} patterns that hang, ${length} characters`, async () => {
    for (const pattern of HANGING) await score({ name: 'regex', pattern }, 'a'.repeat(length), '');
  });

const load = (url) =>
  Number(
    execFileSync(process.execPath, [
      '-e',
      `const s=performance.now();import(${JSON.stringify(url)}).then(()=>console.log(performance.now()-s))`,
    ]),
  );
const registry = new URL('../dist/scorers/registry.js', import.meta.url).href;
const zod = import.meta.resolve('zod');
const best = (url) => Math.min(...Array.from({ length: 5 }, () => load(url)));
console.log(`loading the registry: ${Math.round(best(registry))} ms, of which zod: ${Math.round(best(zod))} ms`);
console.log(`peak memory: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
