// What the benches share: an endpoint in its own process, text manifests, and a measured run of the built command.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const ENDPOINT = fileURLToPath(new URL('endpoint.mjs', import.meta.url));
const PRELOAD = new URL('print-peak.mjs', import.meta.url).href;

/** Starts the endpoint; `url` has no path. */
export async function startEndpoint(delayMs = 0, program = ENDPOINT) {
  const child = spawn(process.execPath, [program, String(delayMs)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(Number(data)));
    child.once('exit', (code) => reject(new Error(`the endpoint ended with ${code}`)));
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    durations: async () => (await fetch(`${url}/durations`)).json(),
    count: async () => Number(await (await fetch(`${url}/count`)).text()),
    close: () => child.kill(),
  };
}

/** A temporary folder that goes away with `remove`. */
export function scratch() {
  const directory = mkdtempSync(join(tmpdir(), 'earsight-bench-'));
  return {
    directory,
    path: (...parts) => join(directory, ...parts),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Writes a manifest of text prompts. */
export async function writeTextManifest(path, samples) {
  const out = createWriteStream(path);
  out.write('id,prompt,target\n');
  for (let index = 0; index < samples; index += 1) {
    if (!out.write(`s${index},What is the capital of France? (${index}),Paris\n`)) {
      await new Promise((resolve) => out.once('drain', resolve));
    }
  }
  await new Promise((resolve) => out.end(resolve));
}

/** Writes a configuration with models that all talk to one endpoint. */
export function writeConfig(path, { url, models = 1, concurrency = 64, reporters = ['csv'] }) {
  const lines = Array.from(
    { length: models },
    (_, index) =>
      `  - {id: m${index}, provider: openai, endpoint: "${url}/v1", model: bench, auth: {type: none}, modalities: [text], limits: {concurrency: ${concurrency}}}`,
  );
  writeFileSync(
    path,
    ['dataset: manifest.csv', 'models:', ...lines, 'scorers: [exact]', `reporters: [${reporters}]`, ''].join('\n'),
  );
}

/** Runs a node program to its end and returns its exit code and figures. */
export async function measure(argv, options = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'earsight-figures-'));
  const figures = join(folder, 'figures.json');
  const child = spawn(process.execPath, ['--import', PRELOAD, ...argv], {
    stdio: ['ignore', 'ignore', 'inherit'],
    ...options,
    env: { ...process.env, ...options.env, EARSIGHT_BENCH_FIGURES: figures },
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  const measured = JSON.parse(readFileSync(figures, 'utf8'));
  rmSync(folder, { recursive: true });
  return { code, ...measured };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
