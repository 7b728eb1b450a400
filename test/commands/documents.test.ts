/** Documents and videos from the manifest to the reports. */

import { expect, test } from 'vitest';
import { workspace } from '../helpers/cli.ts';
import { type CapturedRequest, startEndpoint } from '../helpers/endpoint.ts';
import { readPage } from '../helpers/page-file.ts';
import { pdfBytes } from '../helpers/pdf.ts';
import { readRows } from '../helpers/tables.ts';
import { mp4Bytes } from '../helpers/video.ts';

const FILES = {
  'one.pdf': pdfBytes({ texts: ['Invoice 17'] }),
  'three.pdf': pdfBytes({ texts: ['a', 'b', 'c'] }),
  'clip.mp4': mp4Bytes({ seconds: 5.5, hasSound: true }),
  'manifest.csv': 'id,prompt,document,target\na,Which?,one.pdf,17\nb,Which?,one.pdf|three.pdf,17\n',
};

const config = (url: string, ...models: readonly string[]) =>
  `dataset: manifest.csv\nscorers: [includes]\nmodels:\n${models.map((model) => `  - {${model.replace('URL', url)}, auth: {type: none}}\n`).join('')}`;

const GEMINI = 'id: gem, provider: google, endpoint: "URL", model: gemini-2.5-flash';
const GPT = 'id: gpt, provider: openai, endpoint: "URL/v1", model: gpt-4o';

/** Pages of all documents of a request, counted in their bytes. */
function pagesOf({ body }: CapturedRequest): number {
  const files = [...body.matchAll(/[A-Za-z0-9+/]{200,}={0,2}/g)].map(([base64]) => Buffer.from(base64, 'base64'));
  return files.reduce((sum, bytes) => sum + (bytes.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0), 0);
}

test('a run with documents shows them everywhere, and nowhere their bytes', async () => {
  await using endpoint = await startEndpoint();
  using space = workspace({ ...FILES, 'c.yaml': config(endpoint.url, GPT) });

  const { code, stderr } = await space.run(['run', 'c.yaml', '--out', 'out', '--yes']);

  expect([code, stderr.includes('problem')]).toEqual([0, false]);
  expect(endpoint.requests.map(pagesOf).sort()).toEqual([1, 4]);
  const [header = '', first = ''] = space.read('out/results.csv').split('\n');
  expect(header).toContain(',images,audio,documents,prompt');
  expect(first).toContain(',,,one.pdf,Which?');
  expect(space.read('out/compare.csv')).toContain('one.pdf|three.pdf');
  const media = readPage(space.read('out/report.html')).samples.flatMap((sample) => sample.media);
  expect(media.map(({ name, kind, href }) => [name, kind, href])).toEqual([
    ['one.pdf', 'document', '../one.pdf'],
    ['one.pdf', 'document', '../one.pdf'],
    ['three.pdf', 'document', '../three.pdf'],
  ]);
  for (const file of space.list('out').filter((name) => !name.endsWith('.xlsx')))
    expect(space.read(`out/${file}`)).not.toContain(FILES['one.pdf'].toString('base64').slice(0, 40));
  const shown = await space.run(['show', 'out', 'b']);
  expect(shown.stdout).toMatch(/document +one\.pdf · application\/pdf, \d+ bytes, 1 page/);
  expect((await space.run(['report', 'out', '--reporter', 'html'])).code).toBe(0);
});

test('estimates of documents are what an endpoint bills by the rule of its vendor', async () => {
  const billed = { gem: 0, gpt: 0 };
  await using endpoint = await startEndpoint((request) => {
    if (request.path.includes(':generateContent')) {
      const tokenCount = 258 * pagesOf(request);
      billed.gem += tokenCount;
      return {
        json: {
          candidates: [{ content: { parts: [{ text: '17' }] }, finishReason: 'STOP' }],
          usageMetadata: {
            promptTokenCount: tokenCount + 2,
            candidatesTokenCount: 1,
            totalTokenCount: tokenCount + 3,
            promptTokensDetails: [{ modality: 'DOCUMENT', tokenCount }],
          },
        },
      };
    }
    // A letter page is more than 768 pixels wide: two by two tiles of 170, and 85.
    const tokens = (4 * 170 + 85) * pagesOf(request);
    billed.gpt += tokens;
    return {
      json: {
        choices: [{ message: { content: '17' }, finish_reason: 'stop' }],
        usage: {
          ...{ prompt_tokens: tokens + 9, completion_tokens: 1, total_tokens: tokens + 10 },
          prompt_tokens_details: { image_tokens: tokens },
        },
      },
    };
  });
  using space = workspace({ ...FILES, 'c.yaml': config(endpoint.url, GEMINI, GPT) });

  const estimate = await space.run(['estimate', 'c.yaml', '--json']);
  const run = await space.run(['run', 'c.yaml', '--out', 'out', '--yes']);

  expect([estimate.code, run.code]).toEqual([0, 0]);
  const { models } = JSON.parse(estimate.stdout);
  const images = models.map((model: { id: string; tokens: { image: { expected: number } } }) => [
    model.id,
    model.tokens.image.expected,
  ]);
  expect(Object.fromEntries(images)).toEqual(billed);
  expect(billed).toEqual({ gem: 5 * 258, gpt: 5 * 765 });
});

test('media: {document: pages} sends an image of each page, and counts as many', async () => {
  await using endpoint = await startEndpoint();
  const model = (more: string) =>
    config(endpoint.url, `${GPT}, modalities: [text, image], media: {document: pages${more}}`);
  using space = workspace({ ...FILES, 'c.yaml': model(', dpi: 72') });

  const validate = await space.run(['validate', 'c.yaml']);
  const estimate = await space.run(['estimate', 'c.yaml', '--json']);
  const run = await space.run(['run', 'c.yaml', '--out', 'out', '--yes']);

  expect([validate.code, run.code]).toEqual([0, 0]);
  expect(validate.stderr).toContain('sent as images of its pages');
  const images = endpoint.requests.map(({ body }) =>
    [...body.matchAll(/data:image\/png;base64,([^"]+)/g)].map(([, base64 = '']) => Buffer.from(base64, 'base64')),
  );
  expect(images.map(({ length }) => length).sort()).toEqual([1, 4]);
  for (const png of images.flat()) expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([612, 792]);
  // A page of 612 x 792 pixels has two by two tiles.
  expect(JSON.parse(estimate.stdout).models[0].tokens.image.expected).toBe(5 * 765);
  expect(space.read('out/results.csv')).toContain(',,,one.pdf|three.pdf,Which?');
  expect(space.read('out/journal.jsonl')).toContain('@hyzyla/pdfium');

  // Another resolution is another request.
  space.write({ 'c.yaml': model(', dpi: 100') });
  const again = await space.run(['run', 'c.yaml', '--resume', 'out', '--yes']);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('media');
});

test('a price by the page is the same in the estimate, the results and the summary', async () => {
  await using endpoint = await startEndpoint();
  using space = workspace({ ...FILES, 'c.yaml': config(endpoint.url, `${GPT}, price: {perPage: 0.01}`) });

  const estimate = await space.run(['estimate', 'c.yaml', '--json']);
  const run = await space.run(['run', 'c.yaml', '--out', 'out', '--yes', '--max-cost', '0.06']);

  expect([estimate.code, run.code]).toEqual([0, 0]);
  expect(JSON.parse(estimate.stdout).costUsd).toEqual({ low: 0.05, expected: 0.05, high: 0.05 });
  expect(readRows(space, 'out').map(({ cost_usd: cost }) => cost)).toEqual(['0.01', '0.04']);
  const total = space
    .read('out/summary.csv')
    .split('\n')
    .filter((line) => line.startsWith('gpt,all,cost_usd_total,'));
  expect(total).toEqual([expect.stringMatching(/^gpt,all,cost_usd_total,2,0\.05,/)]);
});

test.each([
  ['modalities: [text, image], media: auto', true],
  ['media: auto', false],
  ['modalities: [text, document], media: auto', false],
  ['media: {image: {maxEdge: 2000}}', false],
])('with %s, documents are images of their pages: %s', async (settings, arePages) => {
  await using endpoint = await startEndpoint();
  using space = workspace({ ...FILES, 'c.yaml': config(endpoint.url, `${GPT}, ${settings}`) });

  await space.run(['run', 'c.yaml', '--out', 'out', '--yes', '--limit', '1']);

  const [{ body } = { body: '' }] = endpoint.requests;
  expect([body.includes('image_url'), body.includes('"file"')]).toEqual([arePages, !arePages]);
});

test('media: auto sends pages where the route of the endpoint takes no PDF', async () => {
  await using endpoint = await startEndpoint();
  const azure = 'id: a, provider: azure, endpoint: "URL/openai/deployments/d", model: gpt-4o, media: auto';
  using space = workspace({ ...FILES, 'c.yaml': config(endpoint.url, azure) });

  const { code, stderr } = await space.run(['run', 'c.yaml', '--out', 'out', '--yes', '--limit', '1']);

  expect([code, stderr]).toEqual([0, expect.stringContaining('1 document is sent as images of its pages')]);
  expect(endpoint.requests[0]?.body).toContain('image_url');
});

test('maxPages and tokens.document are what a model takes and how its pages count', async () => {
  const model = `${GPT}, maxPages: 3, tokens: {document: flat tokens=500}`;
  using space = workspace({ ...FILES, 'c.yaml': config('http://127.0.0.1:9', model) });

  const { stdout, stderr } = await space.run(['estimate', 'c.yaml', '--json']);

  expect(JSON.parse(stdout).models[0]).toMatchObject({
    ...{ cells: 1, skipped: 1 },
    tokens: { image: { low: 500, expected: 500, high: 500, rules: ['flat'] } },
  });
  expect(stderr).toContain('documents of 4 pages; the model takes 3');
});

test.each([
  ['tokens: {document: flat size=3}', 'the document token rule "flat" has no setting "size"'],
  ['tokens: {document: gemni-pages}', 'neither a document token rule nor a model with a known one'],
  ['maxPages: 0', 'maxPages'],
])('%s is rejected', async (settings, message) => {
  using space = workspace({ ...FILES, 'c.yaml': config('http://127.0.0.1:9', `${GPT}, ${settings}`) });

  const { code, stderr } = await space.run(['validate', 'c.yaml']);

  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

test.each([
  ['media: {dpi: 100}', 'sets dpi, which only document: pages uses'],
  ['media: {document: pages, dpi: 5}', 'must be at least 36'],
  ['media: {document: text}', 'media.document "text" is unknown · known: pages'],
])('%s is rejected', async (media, message) => {
  using space = workspace({ ...FILES, 'c.yaml': config('http://127.0.0.1:9', `${GPT}, ${media}`) });

  const { code, stderr } = await space.run(['validate', 'c.yaml']);

  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

test('documents and videos that cannot be used are named with their line, and nothing is sent', async () => {
  await using endpoint = await startEndpoint();
  using space = workspace({
    ...FILES,
    'locked.pdf': pdfBytes({ isEncrypted: true }),
    'cut.pdf': pdfBytes().subarray(0, -100),
    'empty.pdf': pdfBytes({ texts: [] }),
    'endless.mp4': mp4Bytes({ seconds: null }),
    'manifest.jsonl': [
      { prompt: 'a', document: 'locked.pdf' },
      { prompt: 'b', document: 'cut.pdf' },
      { prompt: 'c', document: 'empty.pdf' },
      { prompt: 'd', video: 'endless.mp4' },
      { prompt: 'e', document: 'clip.mp4' },
      { prompt: 'f', image: 'one.pdf' },
      { messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'x' } }] }] },
      { prompt: 'h', document: 'one.pdf' },
      { prompt: 'i', video: 'clip.mp4' },
    ]
      .map((row) => JSON.stringify(row))
      .join('\n'),
    'c.yaml': config(endpoint.url, GPT).replace('manifest.csv', 'manifest.jsonl'),
  });

  const strict = await space.run(['run', 'c.yaml', '--out', 'out', '--yes']);

  expect(strict.code).toBe(2);
  expect(endpoint.requests).toHaveLength(0);
  const lines = strict.stderr.split('\n').filter((line) => line.startsWith('manifest.jsonl:'));
  expect(lines.map((line) => line.replace(/ · .*/, ''))).toEqual([
    'manifest.jsonl:1 document "locked.pdf" is an encrypted PDF',
    'manifest.jsonl:2 document "cut.pdf" is a PDF that is cut off: its end is missing',
    'manifest.jsonl:3 document "empty.pdf" is a PDF with 0 pages',
    'manifest.jsonl:4 "endless.mp4" cannot be used: its length is unknown: its header names none',
    'manifest.jsonl:5 document "clip.mp4" is a video, or sound in the container of one (audio/mp4)',
    'manifest.jsonl:6 image "one.pdf" contains application/pdf',
    'manifest.jsonl:7 message 1 part 1 file has the unknown member "file_id"',
  ]);
});

test('with --skip-broken the others go', async () => {
  await using endpoint = await startEndpoint();
  using space = workspace({
    ...FILES,
    'locked.pdf': pdfBytes({ isEncrypted: true }),
    'endless.mp4': mp4Bytes({ seconds: null }),
    'manifest.csv': 'id,prompt,document,video\na,x,locked.pdf,\nb,x,,endless.mp4\nc,x,one.pdf,\nd,x,,clip.mp4\n',
    'c.yaml': config(endpoint.url, GPT),
  });

  const { code, stderr } = await space.run(['run', 'c.yaml', '--out', 'out', '--yes', '--skip-broken']);

  expect(code).toBe(0);
  expect(stderr).toContain('2 of 4 samples are left out of every model: their media are missing or broken');
  expect(endpoint.requests).toHaveLength(2);
});

test('validate counts documents with their pages, and videos with their length', async () => {
  using space = workspace({
    ...FILES,
    'manifest.csv': 'id,prompt,document,video\na,x,one.pdf|three.pdf,clip.mp4\nb,x,one.pdf,\n',
    'c.yaml': config('http://127.0.0.1:9', GPT),
  });

  const { stdout } = await space.run(['validate', 'c.yaml']);

  expect(stdout).toMatch(/documents: in 2 samples, 2 different, [\d.]+ KiB, 4 pages/);
  expect(stdout).toMatch(/videos: in 1 sample, 1 different, \d+ bytes, 5\.5 s/);
});

test('a manifest with documents and videos is written as it was read', async () => {
  using space = workspace({
    ...FILES,
    'in/m.jsonl': JSON.stringify({
      input: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'x' },
            { type: 'document', document: 'one.pdf' },
            { type: 'video', video: 'clip.mp4', format: 'mp4' },
          ],
        },
      ],
      target: 'y',
    }),
    'in/one.pdf': FILES['one.pdf'],
    'in/clip.mp4': FILES['clip.mp4'],
  });

  const { code } = await space.run(['convert', 'in/m.jsonl', '-o', 'out.jsonl', '--format', 'inspect']);

  expect(code).toBe(0);
  expect(JSON.parse(space.read('out.jsonl'))).toMatchObject({
    prompt: 'x',
    document: expect.stringMatching(/one\.pdf$/),
    video: expect.stringMatching(/clip\.mp4$/),
    target: 'y',
  });
});
