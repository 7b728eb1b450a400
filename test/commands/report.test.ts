import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workspace } from '../helpers/cli.ts';
import { chatCompletion, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes } from '../helpers/media.ts';
import { readPage } from '../helpers/page-file.ts';

const config = (url: string, reporter: string) => `
dataset: manifest.jsonl
models:
  - {id: m, provider: openai, endpoint: "${url}/v1", model: m, auth: {type: none}}
reporters: [${reporter}]
`;

async function finishedRun(reporter = 'json', ...options: readonly string[]) {
  const endpoint = await startEndpoint(() => ({ json: chatCompletion('yes') }));
  const folder = workspace({
    'earsight.config.yaml': config(endpoint.url, reporter),
    'manifest.jsonl': ['a', 'b', 'c'].map((id) => `{"id":"${id}","prompt":"${id}?","image":"a.png"}\n`).join(''),
    'a.png': pngBytes(),
  });
  await folder.run(['run', '--out', 'out', '--quiet', '--yes', ...options]);
  await endpoint.close();
  return folder;
}

test('embeds one copy of a medium that all samples share, or none when asked', async () => {
  using folder = await finishedRun();
  const render = async (...options: readonly string[]) => {
    await folder.run(['report', 'out', '--reporter', 'html', ...options]);
    return readPage(folder.read('out/report.html'));
  };

  expect((await render()).media.size).toBe(1);
  expect((await render('--embed-media', 'none')).media.size).toBe(0);
  expect((await render('--embed-media', 'link')).samples[0]?.media).toEqual([
    { name: 'a.png', kind: 'image', href: '../a.png' },
  ]);
});

test('names a picture that has changed since the run, and does not show it', async () => {
  using folder = await finishedRun();
  folder.write({ 'a.png': pngBytes({ width: 9, height: 9 }) });

  const render = async (mode: string) => {
    await folder.run(['report', 'out', '--reporter', 'html', '--embed-media', mode]);
    return readPage(folder.read('out/report.html'));
  };
  const thumbs = await render('thumbs');
  const links = await render('link');

  const problem = 'has changed since the run, and is not what was asked';
  expect(thumbs.samples[0]?.media).toEqual([{ name: 'a.png', kind: 'image', problem }]);
  expect(links.samples[0]?.media).toEqual([{ name: 'a.png', kind: 'image', problem }]);
  expect(thumbs.media.size).toBe(0);
});

test.each([
  ['none', 0],
  ['full', 1],
] as const)('a run with --embed-media %s embeds %i of one medium', async (mode, embedded) => {
  using folder = await finishedRun('html', '--embed-media', mode);

  expect(readPage(folder.read('out/report.html')).media.size).toBe(embedded);
});

test('shows the rest of a run whose journal ends in the middle of a line, and names the media that are gone', async () => {
  using folder = await finishedRun();
  const journal = folder.read('out/journal.jsonl');
  const lastResult = journal.lastIndexOf('"type":"result"');
  folder.write({ 'out/journal.jsonl': journal.slice(0, lastResult + 40), 'a.png': '' });
  const { code } = await folder.run(['report', 'out', '--reporter', 'html']);
  const { head, samples, tail } = readPage(folder.read('out/report.html'));

  expect(code).toBe(0);
  expect(samples).toHaveLength(2);
  expect(head.missing).toBe(1);
  expect(samples[0]?.media).toEqual([{ name: 'a.png', kind: 'image', problem: 'is empty (0 bytes)' }]);
  expect(tail.notes).toEqual([expect.stringContaining('2 media could not be shown')]);
});

test('says that a run has no results, and writes nothing', async () => {
  using folder = await finishedRun();
  folder.write({ 'out/journal.jsonl': `${folder.read('out/journal.jsonl').split('\n')[0]}\n` });
  const { code, stderr } = await folder.run(['report', 'out', '--reporter', 'html']);

  expect(code).toBe(2);
  expect(stderr).toContain('out the run has no results');
  expect(folder.list('out')).not.toContain('report.html');
});

test('names the modes of --embed-media when it knows none of that name', async () => {
  using folder = await finishedRun();
  const { code, stderr } = await folder.run(['report', 'out', '--embed-media', 'thumb']);

  expect(code).toBe(2);
  expect(stderr).toContain('did you mean "thumbs"?');
});

test('writes results.parquet and describes it beside the CSV files, in a run and again', async () => {
  using folder = await finishedRun('csv, parquet');
  const bytes = () => readFileSync(join(folder.directory, 'out/results.parquet'));
  const written = bytes();
  const { resources } = JSON.parse(folder.read('out/datapackage.json'));

  const { stderr } = await folder.run(['report', 'out', '--reporter', 'parquet']);

  expect(stderr).toContain('out: results.parquet');
  expect(bytes().equals(written)).toBe(true);
  expect(resources.map(({ path }: { readonly path: string }) => path)).toContain('results.parquet');
});
