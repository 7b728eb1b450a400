/**
 * Kills a run of 2,000 cells at random moments, resumes it to the end, and lets the endpoint judge what was lost or paid twice.
 *
 *   npm run bench:crash -- [TRIALS] [SEED]
 *
 * Ends with code 1 when an answer that the journal held was lost, changed or asked for again, a cell has two results,
 * or more cells were paid twice than were in flight at the kills.
 */

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { seededRandom } from '../datasets/generator/random.mjs';
import { decodeLine, readHead } from '../dist/journal/journal-line.js';
import { CLI, scratch, startEndpoint } from './harness.mjs';

const ENDPOINT = fileURLToPath(new URL('crash-endpoint.mjs', import.meta.url));
const SAMPLES = 1000;
const MODELS = ['a', 'b'];
const CONCURRENCY = 8;
const MOST_KILLS = 3;

const trials = Number(process.argv[2] ?? 100);
const seed = Number(process.argv[3] ?? 1);

function writeSet(space, url) {
  const rows = Array.from({ length: SAMPLES }, (_, index) => `s${index},question ${index},x\n`);
  writeFileSync(space.path('manifest.csv'), `id,prompt,target\n${rows.join('')}`);
  const models = MODELS.map(
    (id) =>
      `  - {id: ${id}, provider: openai, endpoint: "${url}/v1", model: ${id}, auth: {type: none}, limits: {concurrency: ${CONCURRENCY}}}`,
  );
  writeFileSync(space.path('earsight.config.yaml'), `dataset: manifest.csv\nmodels:\n${models.join('\n')}\n`);
}

/** Runs the command; kills it after a while when `afterMs` is given. Returns its exit code or signal. */
function run(space, out, afterMs) {
  const child = spawn(process.execPath, [CLI, 'run', '--out', out, '--quiet'], {
    cwd: space.directory,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const timer = afterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), afterMs);
  return new Promise((resolve) =>
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(code ?? signal);
    }),
  );
}

/** What the journal holds now: answers by cell, and cells that were asked and have none. */
function readJournal(path) {
  const [answers, notes, cellOfHash] = [new Map(), new Map(), new Map()];
  let torn = 0;
  for (const line of existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : []) {
    if (readHead(line) === null) {
      torn += 1;
      continue;
    }
    const { type, data } = decodeLine(line);
    const place = `${data.modelId} ${data.requestHash}`;
    if (type === 'attempt') notes.set(place, (notes.get(place) ?? 0) + 1);
    if (type !== 'result') continue;
    const cell = `${data.modelId} ${data.sample.prompt}`;
    cellOfHash.set(place, cell);
    answers.set(cell, [...(answers.get(cell) ?? []), data.answer]);
  }
  const inFlight = [...notes.keys()].filter((place) => !cellOfHash.has(place));
  return { answers, inFlight, cellOfHash, torn };
}

/** How long there is to kill in. */
async function uninterrupted(space) {
  const endpoint = await startEndpoint(undefined, ENDPOINT);
  writeSet(space, endpoint.url);
  const from = performance.now();
  const code = await run(space, 'out');
  endpoint.close();
  if (code !== 0) throw new Error(`without a kill the run ended with ${code}`);
  return performance.now() - from;
}

/** One trial; returns what went wrong, and what happened. */
async function trial(space, random, wholeMs, number) {
  const endpoint = await startEndpoint(undefined, ENDPOINT);
  const asked = async () => new Map(await (await fetch(`${endpoint.url}/asked`)).json());
  const folder = space.path(`trial-${number}`);
  mkdirSync(folder);
  const own = { directory: folder, path: (...parts) => space.path(`trial-${number}`, ...parts) };
  writeSet(own, endpoint.url);
  const journal = own.path('out', 'journal.jsonl');
  const wrong = [];
  const figures = { kills: 0, torn: 0, held: 0, inFlight: 0, twice: 0 };
  const mayBeTwice = new Set();
  /** Cell to the answer that the journal acknowledged first, and how often it had been asked by then. */
  const acknowledged = new Map();

  const wanted = 1 + Math.floor(random() * MOST_KILLS);
  for (let kill = 0; kill < wanted; kill += 1) {
    const code = await run(own, 'out', random() * wholeMs);
    const now = readJournal(journal);
    const counts = await asked();
    for (const [cell, [answer]] of now.answers) {
      if (!acknowledged.has(cell)) acknowledged.set(cell, { answer, count: counts.get(cell) });
    }
    if (code !== 'SIGKILL') {
      if (code !== 0) wrong.push(`run ${kill} ended with ${code}`);
      break;
    }
    const lost = now.inFlight.filter((place) => !mayBeTwice.has(place));
    if (now.inFlight.length > MODELS.length * CONCURRENCY) wrong.push(`${now.inFlight.length} were in flight`);
    for (const place of now.inFlight) mayBeTwice.add(place);
    figures.kills += 1;
    figures.torn += now.torn;
    figures.inFlight += lost.length;
  }
  figures.held = acknowledged.size;

  const code = await run(own, 'out');
  if (code !== 0) wrong.push(`the resumed run ended with ${code}`);
  const counts = await asked();
  endpoint.close();
  const rows = code === 0 ? parse(readFileSync(own.path('out', 'results.csv')), { columns: true }) : [];
  const answerOf = new Map(rows.map(({ model, prompt, answer }) => [`${model} ${prompt}`, answer]));
  if (rows.length !== SAMPLES * MODELS.length) wrong.push(`${rows.length} results`);
  if (answerOf.size !== rows.length) wrong.push(`${rows.length - answerOf.size} cells have two results`);
  if (rows.some(({ status }) => status !== 'completed')) wrong.push('a cell is not completed');

  const end = readJournal(journal);
  for (const [cell, answers] of end.answers) if (answers.length > 1) wrong.push(`${cell}: two results in the journal`);
  for (const [cell, { answer, count }] of acknowledged) {
    if (answerOf.get(cell) !== answer) wrong.push(`${cell}: ${answer} became ${answerOf.get(cell)}`);
    if (counts.get(cell) !== count) wrong.push(`${cell}: asked again although it was answered`);
  }
  const mayBe = new Set([...mayBeTwice].map((place) => end.cellOfHash.get(place)));
  for (const [cell, count] of counts) {
    if (count === 1) continue;
    figures.twice += count - 1;
    if (!mayBe.has(cell)) wrong.push(`${cell}: asked ${count} times and was not in flight at a kill`);
  }
  return { wrong, figures };
}

const space = scratch();
const sums = { kills: 0, torn: 0, held: 0, inFlight: 0, twice: 0 };
let troubled = 0;
const started = performance.now();
try {
  const wholeMs = await uninterrupted(space);
  for (let number = 1; number <= trials; number += 1) {
    const { wrong, figures } = await trial(space, seededRandom(seed * 1_000_003 + number), wholeMs, number);
    for (const name in sums) sums[name] += figures[name];
    if (wrong.length === 0) continue;
    troubled += 1;
    console.log(`trial ${number} (seed ${seed}): ${wrong.slice(0, 5).join(' · ')}`);
  }
} finally {
  space.remove();
}
console.log(
  `${trials} trials, ${sums.kills} kills, ${sums.held} answers acknowledged before the last kill: ` +
    `${troubled} trials in trouble, ${sums.torn} torn tails, ${sums.inFlight} cells in flight at a kill, ` +
    `${sums.twice} of them paid twice · ${Math.round((performance.now() - started) / 1000)} s`,
);
if (troubled > 0) process.exitCode = 1;
