/**
 * How much longer a run takes when 30 % of the requests meet a fault of the wire, all kinds of them equally often: first
 * all but refusals (429), then all.
 *
 *   npm run bench:faults -- [CELLS] [LATENCY_MS]
 *
 * The run must take at most 1.5 times as long as without faults, plus what the endpoint asked it to wait. Ends with
 * code 1 when it takes longer, or when a cell ends in another way than with an answer or the kind of its last fault.
 */

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { crc32 } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import ts from 'typescript';
import { CLI, scratch } from './harness.mjs';

const MODELS = ['plain', 'streamed'];
const CONCURRENCY = 32;
const SHARE = 0.3;
const ALLOWED = 1.5;
/** From one fault to the next in their list, where those of one kind stand together: they must not come together. */
const STRIDE = 23;

/** A model needs a few seconds to find out that refusals come by chance: of a shorter run that is too much. */
const cells = Number(process.argv[2] ?? 8000);
const latencyMs = Number(process.argv[3] ?? 500);

/** The tests' own endpoint and faults; Node 20 does not run TypeScript. */
async function load(space, name) {
  const source = readFileSync(new URL(`../test/helpers/${name}.ts`, import.meta.url), 'utf8');
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true };
  const path = space.path(`${name}.mjs`);
  writeFileSync(path, ts.transpileModule(source, { compilerOptions: options }).outputText);
  return import(pathToFileURL(path).href);
}

function writeSet(folder, host) {
  mkdirSync(folder);
  const rows = Array.from({ length: cells / MODELS.length }, (_, index) => `s${index},sample ${index},x\n`);
  writeFileSync(`${folder}/manifest.csv`, `id,prompt,target\n${rows.join('')}`);
  const models = MODELS.map(
    (id) =>
      `  - {id: ${id}, provider: openai, endpoint: "http://${host}/${id}/v1", model: x, auth: {type: none}, ` +
      `stream: ${id === 'streamed'}, limits: {concurrency: ${CONCURRENCY}, timeoutMs: ${latencyMs + 1000}}}`,
  );
  writeFileSync(`${folder}/earsight.config.yaml`, `dataset: manifest.csv\nmodels:\n${models.join('\n')}\n`);
}

/** Milliseconds that the spans cover together. */
function covered(spans) {
  let [sum, until] = [0, 0];
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return sum;
}

async function run(space, { startRawEndpoint }, { goodReply }, mixed, share) {
  const faultsFor = { plain: mixed.filter(({ stream }) => !stream), streamed: mixed };
  const sent = new Map();
  const hints = { plain: [], streamed: [] };
  let faulty = 0;
  const endpoint = await startRawEndpoint(async (request) => {
    const model = request.path.startsWith('/streamed/') ? 'streamed' : 'plain';
    const cell = `${model} ${/sample \d+/.exec(await request.body)?.[0]}`;
    const earlier = sent.get(cell) ?? [];
    const faults = faultsFor[model];
    const fault =
      crc32(`${cell} ${earlier.length}`) / 2 ** 32 < share ? faults[(STRIDE * faulty++) % faults.length] : null;
    sent.set(cell, [...earlier, fault]);
    await delay(latencyMs);
    if (fault === null) return goodReply(model === 'streamed');
    const now = performance.now();
    if (fault.hintMs !== undefined) hints[model].push([now, now + fault.hintMs]);
    return fault.reply(request);
  });
  const folder = space.path(`run-${endpoint.host.split(':')[1]}`);
  writeSet(folder, endpoint.host);
  const child = spawn(process.execPath, [CLI, 'run', '--out', 'out', '--quiet'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const from = performance.now();
  await new Promise((resolve) => child.once('exit', resolve));
  const seconds = (performance.now() - from) / 1000;
  const requests = endpoint.requests.length;
  await endpoint[Symbol.asyncDispose]();
  const wrong = parse(readFileSync(`${folder}/out/results.csv`), { columns: true }).filter((row) => {
    const owed = sent.get(`${row.model} sample ${row.sample_id.slice(1)}`)?.at(-1)?.kind ?? 'completed';
    return owed !== (row.status === 'failed' ? row.failure_kind : row.status);
  });
  const waits = Math.max(...MODELS.map((model) => covered(hints[model]))) / 1000;
  return { seconds, requests, faulty, wrong: wrong.length, waits };
}

const space = scratch();
try {
  const [server, wire] = [await load(space, 'raw-endpoint'), await load(space, 'faults')];
  const mixable = wire.FAULTS.filter(({ ends }) => !ends);
  const free = await run(space, server, wire, mixable, 0);
  console.log(`${cells} cells, ${latencyMs} ms an answer: ${free.seconds.toFixed(1)} s without faults`);
  for (const [name, mixed] of [
    ['all faults but refusals', mixable.filter(({ kind }) => kind !== 'rate_limit')],
    ['all faults', mixable],
  ]) {
    const { seconds, requests, faulty, wrong, waits } = await run(space, server, wire, mixed, SHARE);
    const isSlow = seconds > ALLOWED * free.seconds + waits;
    console.log(
      `${name}, ${faulty} in ${requests} requests: ${seconds.toFixed(1)} s, of which ${waits.toFixed(1)} s were asked ` +
        `for · ${((seconds - waits) / free.seconds).toFixed(2)} times · ${wrong} cells ended wrongly${isSlow ? ' · too slow' : ''}`,
    );
    if (isSlow || wrong > 0) process.exitCode = 1;
  }
} finally {
  space.remove();
}
