// Reads the manifest, estimates what a run costs before it is sent, and compares the models of a finished run.
//   node examples/api/before-and-after.mjs RESULTS_FOLDER
import { fileURLToPath } from 'node:url';
import { compareRuns, estimateRun, isInputError, readManifest } from 'earsight';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const config = {
  dataset: 'manifest.csv',
  models: [{ id: 'gpt-4o', provider: 'openai', model: 'gpt-4o', params: { maxTokens: 100 } }],
};

const ids = [];
for await (const { id } of readManifest('manifest.csv', { cwd })) ids.push(id);
console.log(`samples: ${ids.join(', ')}`);

for (const { id, costUsd } of (await estimateRun({ config, cwd, limit: 3 })).models)
  console.log(`${id}: ${costUsd === 'unpriced' ? 'no price' : `about $${costUsd.expected.toFixed(4)}`}`);

try {
  const { pairs } = await compareRuns([process.argv[2] ?? 'latest'], { cwd });
  for (const { a, b, verdict } of pairs) console.log(`${a} and ${b}: ${verdict.conclusion}, p = ${verdict.pHolm}`);
} catch (error) {
  if (!isInputError(error)) throw error;
  console.error(error.message);
}
