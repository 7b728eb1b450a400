import { hash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asked } from '../helpers/asked.ts';
import { accessibilityFindings, NO_CHROMIUM, openReport, startChromium } from '../helpers/chromium.ts';
import { workspace } from '../helpers/cli.ts';
import { chatCompletion, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';

const SAMPLES = 30;

/** The first number of a JPEG's first quantisation table: 16 for quality 50, more for worse. null = no JPEG. */
function quantisation(body: string): number | null {
  const image = Buffer.from(/base64,([A-Za-z0-9+/=]+)/.exec(body)?.[1] ?? '', 'base64');
  const at = image.indexOf(Buffer.from([0xff, 0xdb]));
  return image[0] !== 0xff || at === -1 ? null : (image[at + 5] ?? null);
}

/** A model that cannot answer every third question about a JPEG of quality 20. */
async function project(stress: string) {
  const endpoint = await startEndpoint(({ body }) => {
    const question = Number(/question (\d+)/.exec(body)?.[1]);
    return { json: chatCompletion((quantisation(body) ?? 0) >= 40 && question % 3 === 0 ? 'no' : 'yes') };
  });
  const rows = Array.from({ length: SAMPLES }, (_, index) => `s${index},question ${index},a.png,yes,g${index}`);
  const folder = workspace({
    'a.png': pngBytes({ width: 32, height: 32 }),
    'a.wav': wavBytes({ seconds: 0.1 }),
    'manifest.csv': `id,prompt,image,target,group\n${rows.join('\n')}\ntext,question 1,,yes,\n`,
    'earsight.config.yaml': `dataset: manifest.csv
models:
  - {id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: any, modalities: [text, image, audio], auth: {type: none}}
variants:
  - stress: ${stress}
scorers: [exact]
reporters: [csv, html, markdown]
`,
  });
  return asked(folder, endpoint);
}

test('the run and compare say at which step a model breaks, and ask samples without an image once', async () => {
  await using made = await project('{jpeg: [20, 90, 50]}');

  const { code, stdout, stderr } = await made.folder.run(['run', '--out', 'run']);
  const compared = await made.folder.run(['compare', 'run']);
  const json = JSON.parse((await made.folder.run(['compare', 'run', '--json'])).stdout);

  expect(code).toBe(0);
  expect(made.endpoint.requests).toHaveLength(SAMPLES * 4 + 1);
  expect(stderr).toContain('m@jpeg-20 and 2 more skip 1 of 31 samples');
  const sentence = /m breaks at jpeg 20: it loses 33\.3 points \(\d+\.\d to \d+\.\d\)/;
  expect(stdout).toMatch(sentence);
  expect(compared.stdout).toMatch(sentence);
  expect(compared.stdout).toMatch(/^20 +66\.7% +-33\.3 .*first real$/m);
  // One model, whose steps are no models to compare it with.
  expect(json.pairs).toEqual([]);
  const [{ steps, ...curve }] = json.stress;
  expect(curve).toMatchObject({ base: 'm', kind: 'jpeg', score: 1, breaksAt: 20 });
  expect(steps.map(({ level, n, isRealDrop }: Record<string, unknown>) => [level, n, isRealDrop])).toEqual([
    [90, SAMPLES, false],
    [50, SAMPLES, false],
    [20, SAMPLES, true],
  ]);
});

test('report.md has a table for each curve, and report.html a chart and a table', async () => {
  await using made = await project('{jpeg: [20, 90]}');
  await made.folder.run(['run', '--out', 'run']);

  await made.folder.run(['baseline', 'set', 'run', '--out', 'baseline.json']);
  await made.folder.run(['run', '--out', 'gated', '--baseline', 'baseline.json']);

  expect(made.folder.read('gated/report.md')).toContain('## Under stress: m, jpeg\n\nm breaks at jpeg 20');
  const markdown = made.folder.read('run/report.md');
  expect(markdown).toContain('## Under stress: m, jpeg\n\nm breaks at jpeg 20: it loses 33.3 points (');
  expect(markdown).toMatch(/\| 20 \| 66\.7% \| -33\.3 \|.*\| first real \|/);
  if (NO_CHROMIUM !== undefined) return;
  const browser = await startChromium();
  try {
    const { page, errors } = await openReport(browser, join(made.folder.directory, 'run/report.html'));
    expect(
      await page.getByRole('img', { name: /^Under stress: jpeg\. m: as it is 100\.0%, .*; breaks at 20$/ }).count(),
    ).toBe(1);
    expect(await page.getByRole('region', { name: 'm under jpeg' }).getByRole('row').last().textContent()).toMatch(
      /^2066\.7%/,
    );
    expect(await accessibilityFindings(page)).toEqual([]);
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
  }
});

test('the journal has the hash of what was sent, and a resume asks nothing again', async () => {
  await using made = await project('{jpeg: [20], noise: [9]}');
  await made.folder.run(['run', '--out', 'run', '--limit', '3']);
  const { length } = made.endpoint.requests;

  const { code } = await made.folder.run(['run', '--resume', 'run']);

  expect(code).toBe(0);
  expect(length).toBe(3 * 3);
  expect(made.endpoint.requests).toHaveLength(length);
  const sent = made.folder
    .read('run/journal.jsonl')
    .split('\n')
    .filter((line) => line.includes('"sentMedia":[{'));
  expect(sent).toHaveLength(3 * 2);
  expect(sent.join('')).toMatch(/"mediaType":"image\/jpeg".*"sha256":"[0-9a-f]{64}"/);
});

test('the same seed sends the same noise, another one does not', async () => {
  await using made = await project('{noise: [20]}');
  const sentBy = async (out: string, ...options: readonly string[]) => {
    const from = made.endpoint.requests.length;
    await made.folder.run(['run', '--out', out, '--model', 'm@noise-20', '--sample', 's0', ...options]);
    const [request] = made.endpoint.requests.slice(from);
    return hash('sha256', request?.body ?? '');
  };

  const first = await sentBy('first');

  expect(await sentBy('second')).toBe(first);
  expect(await sentBy('third', '--seed', '2')).not.toBe(first);
});

test.each([
  ['{snr: [20, 10]}', 'earsight.config.yaml:5:14 model "m@snr-20": the sample has no audio to put under stress'],
  ['{jpeg: [101]}', 'earsight.config.yaml:5:21 variants[0].stress.jpeg[0] must be at most 100'],
])('%s is rejected before anything is sent', async (stress, words) => {
  await using made = await project(stress);

  const { code, stderr } = await made.folder.run(['run']);

  expect(code).toBe(2);
  expect(stderr).toContain(words);
  expect(stderr.split('\n').filter((line) => line.includes('model "m@'))).toHaveLength(stress.includes('snr') ? 1 : 0);
  expect(made.endpoint.requests).toHaveLength(0);
});
