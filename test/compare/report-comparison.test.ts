import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reportComparison } from '../../src/compare/report-comparison.ts';
import { readRunInfo } from '../../src/journal/run-folder.ts';
import type { RunInfo } from '../../src/report.ts';
import { workspace } from '../helpers/cli.ts';
import { chatCompletion, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';

const config = (url: string, ids: readonly string[]) => `
dataset: manifest.jsonl
models:
${ids.map((id) => `  - {id: ${id}, provider: openai, endpoint: "${url}/v1", model: ${id}, auth: {type: none}, modalities: [${id.startsWith('ear') ? 'text, audio' : 'text, image'}]}`).join('\n')}
scorers: [exact]
reporters: [json]
`;

/** Clips are for ears, and images for the others. */
const manifest = (kinds: readonly ('audio' | 'image')[]) =>
  kinds
    .map((kind, index) =>
      JSON.stringify({
        id: `s${index}`,
        prompt: 'Say yes.',
        target: 'yes',
        [kind]: `${index}.${kind === 'audio' ? 'wav' : 'png'}`,
      }),
    )
    .join('\n');

async function compared(ids: readonly string[], kinds: readonly ('audio' | 'image')[]) {
  await using endpoint = await startEndpoint(({ body }) => ({
    json: chatCompletion(/"model":"[a-z-]*poor"/.test(body) ? 'no' : 'yes'),
  }));
  using folder = workspace({
    'earsight.config.yaml': config(endpoint.url, ids),
    'manifest.jsonl': manifest(kinds),
    // Different media: samples that share one are not independent.
    ...Object.fromEntries(
      kinds.map((kind, seed) =>
        kind === 'audio' ? [`${seed}.wav`, wavBytes({ seed })] : [`${seed}.png`, pngBytes({ seed })],
      ),
    ),
  });
  await folder.run(['run', '--out', 'out', '--quiet', '--yes']);
  const directory = join(folder.directory, 'out');
  return reportComparison(directory, readRunInfo(directory) as RunInfo);
}

test('compares each model with the first, in the words of compare', async () => {
  const comparison = await compared(
    ['good', 'poor'],
    Array.from({ length: 8 }, () => 'image'),
  );

  expect(comparison?.verdict).toEqual([expect.stringMatching(/^poor is worse than good by 100\.0 points/)]);
  expect(comparison?.differences).toMatchObject([
    { model: 'poor', base: 'good', pairs: 8, difference: -1, better: 0, worse: 8 },
  ]);
});

test('compares models without a sample in common with the first among themselves', async () => {
  const comparison = await compared(
    ['good', 'poor', 'ear-good', 'ear-poor'],
    ['image', 'image', 'image', 'image', 'audio', 'audio', 'audio'],
  );

  expect(comparison?.differences.map(({ model, base, pairs }) => [model, base, pairs])).toEqual([
    ['poor', 'good', 4],
    ['ear-poor', 'ear-good', 3],
  ]);
});

test('finds nothing to compare in a run of one model', async () => {
  expect(await compared(['good'], ['image'])).toBeNull();
});
