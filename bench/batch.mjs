// node bench/batch.mjs [FEW] [MANY]: `earsight batch submit` and `collect` of few and of many cells, at two deployments:
// batches, seconds, and how peak memory grows.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CLI, measure, scratch, startEndpoint, writeTextManifest } from './harness.mjs';

const [few = 25_000, many = 250_000] = process.argv.slice(2).map(Number);
const ENDPOINT = fileURLToPath(new URL('batch-endpoint.mjs', import.meta.url));

const configOf = (url) => `dataset: manifest.csv
models:
  - {id: openai, provider: openai, endpoint: "${url}/v1", model: gpt-4o-mini, auth: {type: none}, modalities: [text]}
  - {id: azure, provider: azure, endpoint: "${url}/openai/v1", model: batch, auth: {type: none}, modalities: [text]}
scorers: [exact]
reporters: [csv]
`;

const endpoint = await startEndpoint(0, ENDPOINT);
const work = scratch();
const peaks = { submit: [], collect: [] };
try {
  writeFileSync(work.path('earsight.config.yaml'), configOf(endpoint.url));
  for (const cells of [few, many]) {
    const run = `run-${cells}`;
    await writeTextManifest(work.path('manifest.csv'), cells / 2);
    for (const action of ['submit', 'collect']) {
      const argv = [CLI, 'batch', action, run, '--quiet', ...(action === 'submit' ? ['--yes'] : [])];
      const { code, peakMb, wallSeconds, cpuSeconds } = await measure(argv, { cwd: work.directory });
      peaks[action].push(peakMb);
      console.log(
        `${cells} cells, ${action}: exit ${code}, peak ${peakMb.toFixed(0)} MB, ${wallSeconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} CPU s`,
      );
    }
    const parts = readFileSync(work.path(run, 'batches.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"type":"part"'));
    console.log(
      `  batches: ${parts
        .map((line) => JSON.parse(line))
        .map(({ modelId, requests }) => `${modelId} ${requests}`)
        .join(', ')}`,
    );
  }
  for (const [action, [before, after]] of Object.entries(peaks))
    console.log(`${action}: growth ${(after - before).toFixed(0)} MB`);
} finally {
  endpoint.close();
  work.remove();
}
