// Asks two embedded models about two images of the example, and prints each answer when it arrives.
//   node examples/api/evaluate.mjs [results folder]
import { fileURLToPath } from 'node:url';
import { defineConfig, evaluate } from 'earsight';

const config = defineConfig({
  dataset: 'manifest.csv',
  models: [
    { id: 'ocr-ppv4', provider: 'local', model: 'ocr-ppv4' },
    { id: 'ocr-tesseract', provider: 'local', model: 'ocr-tesseract' },
  ],
  scorers: ['includes'],
});
const cwd = fileURLToPath(new URL('..', import.meta.url));
const [out = 'results/api-evaluate'] = process.argv.slice(2);

for await (const event of evaluate({ config, cwd, out, sample: ['receipt', 'sign'], onWarning: console.error })) {
  if (event.type === 'result') {
    const { result } = event;
    const answer = result.status === 'completed' ? result.answer : result.failure.kind;
    console.log(`${result.sampleId} ${result.modelId}: ${JSON.stringify(answer)}`);
  }
  if (event.type === 'end') {
    const scores = event.report.summary.filter(({ metric, slice }) => metric === 'score' && slice === 'all');
    for (const { model, value } of scores) console.log(`${model}: ${value}`);
  }
}
