// npm run bench:manifest [-- ROWS]: `earsight validate` on large text manifests, and how soon a run sends after its checks.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import { CLI, measure, scratch } from './harness.mjs';

/** Rows that are written at once. */
const BATCH = 1000;

const WRITERS = {
  csv: {
    head: 'id,prompt,target,group,meta.lang\n',
    row: (at) => `s${at},"What is the capital of ""France""? (${at})",Paris,g${at % 1000},en\n`,
  },
  jsonl: {
    head: '',
    row: (at) =>
      `{"id": "s${at}", "prompt": "What is the capital of \\"France\\"? (${at})", "target": "Paris", "group": "g${at % 1000}", "meta": {"lang": "en"}}\n`,
  },
};

const rows = Number(process.argv[2] ?? 1_000_000);
const files = scratch();
const server = createServer();
const MODEL = ['--model', 'openai:bench'];

try {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = ['--endpoint', `http://127.0.0.1:${server.address().port}/v1`];
  for (const [format, writer] of Object.entries(WRITERS)) {
    const path = files.path(`manifest.${format}`);
    await write(path, writer);
    const argv = ['--dataset', path, ...MODEL, ...endpoint];
    const { code, cpuSeconds, wallSeconds, peakMb } = await measure([CLI, 'validate', ...argv], {
      cwd: files.directory,
    });
    if (code !== 0) throw new Error(`validate ended with ${code}`);
    const first = await firstRequest(['run', ...argv, '--yes', '--quiet', '--out', files.path(`run-${format}`)]);
    console.log(
      `${format}: ${rows} rows validated in ${wallSeconds.toFixed(1)} s (${cpuSeconds.toFixed(1)} s of CPU), ${peakMb.toFixed(0)} MB; ` +
        `the first request of a run after ${first.toFixed(1)} s`,
    );
  }
} finally {
  server.close();
  server.closeAllConnections();
  files.remove();
}

async function write(path, { head, row }) {
  const out = createWriteStream(path);
  out.write(head);
  for (let at = 0; at < rows; at += BATCH) {
    const text = Array.from({ length: Math.min(BATCH, rows - at) }, (_, index) => row(at + index)).join('');
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

/** Seconds from the start of a command to the first request, which is not answered. */
async function firstRequest(argv) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [CLI, ...argv], {
    cwd: files.directory,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`run ended with ${code} before it sent anything`);
  });
  await Promise.race([once(server, 'request'), ended]);
  const seconds = (performance.now() - startedAt) / 1000;
  ended.catch(() => {});
  child.kill('SIGKILL');
  return seconds;
}
