// npm run bench:manifest [-- ROWS]: `earsight validate` on large manifests, of text and with images that are not opened, and how soon a run sends after its checks.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import { CLI, measure, scratch } from './harness.mjs';

/** Rows that are written at once. */
const BATCH = 1000;

/** How many images a folder has, as downloaded sets are laid out. */
const FOLDER = 1000;
const imageOf = (at) => `images/${Math.floor(at / FOLDER)}/photo-${at}.jpg`;

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

/** Rows that name images, none of which exists: `--no-media` opens no file. */
const MEDIA_WRITERS = {
  csv: {
    head: 'id,prompt,image,target,group,meta.lang\n',
    row: (at) => `s${at},"What is on the ""sign""? (${at})",${imageOf(at)},Paris,g${at % 1000},en\n`,
  },
  jsonl: {
    head: '',
    row: (at) =>
      `{"id": "s${at}", "prompt": "What is on the \\"sign\\"? (${at})", "image": "${imageOf(at)}", "target": "Paris", "group": "g${at % 1000}", "meta": {"lang": "en"}}\n`,
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
    const argv = ['--dataset', await write(`text.${format}`, writer), ...MODEL, ...endpoint];
    const figures = await validate(argv);
    const first = await firstRequest(['run', ...argv, '--yes', '--quiet', '--out', files.path(`run-${format}`)]);
    console.log(`${format}: ${figures}; the first request of a run after ${first.toFixed(1)} s`);
  }
  for (const [format, writer] of Object.entries(MEDIA_WRITERS)) {
    const argv = ['--dataset', await write(`media.${format}`, writer), ...MODEL, ...endpoint, '--no-media'];
    console.log(`${format} with an image in each row, --no-media: ${await validate(argv)}`);
  }
} finally {
  server.close();
  server.closeAllConnections();
  files.remove();
}

/** Time and memory of `earsight validate`. */
async function validate(argv) {
  const { code, cpuSeconds, wallSeconds, peakMb } = await measure([CLI, 'validate', ...argv], {
    cwd: files.directory,
  });
  if (code !== 0) throw new Error(`validate ended with ${code}`);
  return `${rows} rows validated in ${wallSeconds.toFixed(1)} s (${cpuSeconds.toFixed(1)} s of CPU), ${peakMb.toFixed(0)} MB`;
}

/** Writes a manifest and returns its path. */
async function write(name, { head, row }) {
  const path = files.path(name);
  const out = createWriteStream(path);
  out.write(head);
  for (let at = 0; at < rows; at += BATCH) {
    const text = Array.from({ length: Math.min(BATCH, rows - at) }, (_, index) => row(at + index)).join('');
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
  return path;
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
