// Time and peak memory of `earsight report` on a generated journal, and the share of csv-stringify: node bench/report.mjs [SAMPLES] [MODELS]

import { readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { writeRun } from './generated-run.mjs';
import { CLI, measure, scratch } from './harness.mjs';

const [samples = 500_000, models = 2] = process.argv.slice(2).map(Number);
const MOST_SECONDS = 60;
const MOST_MB = 400;
/** A profile slows the program down, so it is taken of a smaller run. */
const PROFILED_SAMPLES = Math.min(samples, 50_000);

/** Files in a bundled one: by its path, with the lines where they begin. */
const bundled = new Map();
const work = scratch();
try {
  await writeRun(work.path('run'), samples, models);
  const { code, peakMb, wallSeconds, cpuSeconds } = await measure([CLI, 'report', work.path('run')]);
  console.log(
    `${samples * models} results into results.csv, compare.csv and summary.csv: exit ${code}, peak ${peakMb.toFixed(0)} MB, ` +
      `${wallSeconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} CPU s (load of the machine ${loadavg()[0].toFixed(1)})`,
  );
  await writeRun(work.path('profiled'), PROFILED_SAMPLES, models);
  await measure(['--cpu-prof', `--cpu-prof-dir=${work.path('profile')}`, CLI, 'report', work.path('profiled')]);
  const [profile] = readdirSync(work.path('profile'));
  const share = shareOf('csv-stringify', JSON.parse(readFileSync(work.path('profile', profile), 'utf8')));
  console.log(
    `share of csv-stringify: ${(100 * share).toFixed(0)} % of the time of ${PROFILED_SAMPLES * models} results`,
  );
  // Other programs on the machine make the wall time longer, and threads of our own the CPU time.
  process.exitCode = code === 0 && peakMb <= MOST_MB && Math.min(wallSeconds, cpuSeconds) <= MOST_SECONDS ? 0 : 1;
} finally {
  work.remove();
}

/** Which part of the busy time of a profile was spent in the functions of a package and in what they called. */
function shareOf(name, { nodes, samples: hits, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const inside = new Set();
  const walk = (id, within) => {
    const node = byId.get(id);
    const here = within || packageOf(node.callFrame) === name;
    if (here) inside.add(id);
    for (const child of node.children ?? []) walk(child, here);
  };
  walk(nodes[0].id, false);
  let own = 0;
  let busy = 0;
  for (const [index, id] of hits.entries()) {
    if (byId.get(id).callFrame.functionName === '(idle)') continue;
    busy += timeDeltas[index];
    if (inside.has(id)) own += timeDeltas[index];
  }
  return own / busy;
}

/** The package of a function. The command is bundled: a comment before each file in it names its path. */
function packageOf({ url, lineNumber }) {
  const path = /\/dist\/(?:chunks\/|cli\.js)/.test(url) ? bundledFile(fileURLToPath(url), lineNumber) : url;
  return /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
}

function bundledFile(chunk, lineNumber) {
  if (!bundled.has(chunk)) bundled.set(chunk, filesIn(chunk));
  return bundled.get(chunk).findLast(({ line }) => line <= lineNumber)?.path ?? '';
}

function filesIn(chunk) {
  const lines = readFileSync(chunk, 'utf8').split('\n');
  return lines.flatMap((text, line) => {
    const path = /^\/\/ (\S+\.[cm]?[jt]s)$/.exec(text)?.[1];
    return path === undefined ? [] : [{ line, path }];
  });
}
