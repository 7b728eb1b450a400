import { expect, test } from 'vitest';
import { workspace } from '../helpers/cli.ts';
import { chatCompletion, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes } from '../helpers/media.ts';

const SAMPLES = 30;

/** A model that counts tokens by area, and cannot read every third image below 64 pixels. */
async function project() {
  const endpoint = await startEndpoint(({ body }) => {
    const image = Buffer.from(/base64,([A-Za-z0-9+/=]+)/.exec(body)?.[1] ?? '', 'base64');
    const [width, height] = [image.readUInt32BE(16), image.readUInt32BE(20)];
    const question = Number(/question (\d+)/.exec(body)?.[1]);
    const answer = width < 64 && question % 3 === 0 ? 'no' : 'yes';
    const prompt = Math.round((width * height) / 16);
    return {
      json: chatCompletion(answer, {
        usage: { prompt_tokens: prompt, completion_tokens: 1, total_tokens: prompt + 1 },
      }),
    };
  });
  const rows = Array.from({ length: SAMPLES }, (_, index) => `s${index},question ${index},a.png,yes,g${index}`);
  const folder = workspace({
    'a.png': pngBytes({ width: 128, height: 128 }),
    'manifest.csv': `id,prompt,image,target,group\n${rows.join('\n')}\n`,
    'earsight.config.yaml': `dataset: manifest.csv
models:
  - {id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: any, modalities: [text, image], auth: {type: none}, price: {promptPerMillion: 1, completionPerMillion: 0}}
variants:
  - {id: small, media: {image: {maxEdge: 32, format: png}}}
  - {id: full, media: {image: {maxEdge: 1024, format: png}}}
  - {id: half, media: {image: {maxEdge: 64, format: png}}}
scorers: [exact]
reporters: [csv, html]
`,
  });
  return {
    folder,
    async [Symbol.asyncDispose]() {
      folder[Symbol.dispose]();
      await endpoint.close();
    },
  };
}

test('compare says what smaller pictures lose and save, against the dearest variant', async () => {
  await using made = await project();
  await made.folder.run(['run', '--out', 'run']);

  const { stdout } = await made.folder.run(['compare', 'run']);
  const { stdout: json } = await made.folder.run(['compare', 'run', '--json']);

  expect(stdout).toMatch(/m@half loses 0\.0 points \(-?\d+\.\d to \d+\.\d\) against m@full, and saves 75% of the cost/);
  expect(stdout).toMatch(/m@small loses 33\.3 points \(\d+\.\d to \d+\.\d\) against m@full, and saves 94% of the cost/);
  const [frontier] = JSON.parse(json).frontiers;
  expect(frontier).toMatchObject({ base: 'm', reference: 'full', by: 'cost' });
  expect(
    frontier.points.map(({ variant, isBest, saved }: { variant: string; isBest: boolean; saved: number }) => [
      variant,
      isBest,
      saved,
    ]),
  ).toEqual([
    ['full', false, null],
    ['half', true, 0.75],
    ['small', true, 0.9375],
  ]);
  expect(made.folder.read('run/report.html')).toContain('earsight');
});

test('with a stress test, the model as it is stands among its variants, and the steps do not', async () => {
  await using made = await project();
  const config = made.folder
    .read('earsight.config.yaml')
    .replace('  - {id: full,', '  - stress: {jpeg: [50]}\n  - {id: full,');
  made.folder.write({ 'earsight.config.yaml': config });
  await made.folder.run(['run', '--out', 'run', '--model', 'm']);

  const { stdout } = await made.folder.run(['compare', 'run', '--json']);

  const [frontier] = JSON.parse(stdout).frontiers;
  expect(frontier.points.map(({ model, variant }: { model: string; variant: string }) => [model, variant])).toEqual([
    ['m', 'as it is'],
    ['m@full', 'full'],
    ['m@half', 'half'],
    ['m@small', 'small'],
  ]);
  const { stdout: text } = await made.folder.run(['compare', 'run']);
  expect(text).toMatch(/m@half loses 0\.0 points .* against m, and saves 75% of the cost/);
});

test('one variant, or two runs, have none', async () => {
  await using made = await project();
  await made.folder.run(['run', '--out', 'run', '--model', 'm@full', '--model', 'm@half']);
  await made.folder.run(['run', '--out', 'again', '--model', 'm@full', '--model', 'm@half']);

  const { stdout } = await made.folder.run(['compare', 'run', 'again', '--json']);

  expect(JSON.parse(stdout).frontiers).toBeUndefined();
});
