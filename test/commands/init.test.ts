import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TASK_NAMES } from '../../src/config/starter/example-task.ts';
import { workspace } from '../helpers/cli.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';
import { pdfBytes } from '../helpers/pdf.ts';
import { mp4Bytes } from '../helpers/video.ts';

test('the example is valid without an account, and is never overwritten', async () => {
  using folder = workspace();

  const written = await folder.run(['init']);
  const files = folder.list();
  const checked = await folder.run(['validate']);
  const again = await folder.run(['init']);

  expect(written).toEqual({
    code: 0,
    stdout:
      'wrote earsight.config.yaml, earsight.schema.json, manifest.csv, media/receipt.jpg and media/garage.wav · next: earsight validate\n',
    stderr: '',
  });
  expect(files).toEqual([
    'earsight.config.yaml',
    'earsight.schema.json',
    'manifest.csv',
    join('media', 'garage.wav'),
    join('media', 'receipt.jpg'),
  ]);
  expect(checked.code).toBe(0);
  expect(checked.stdout).toContain('manifest.csv: 2 samples x 4 models x 1 = 8 cells, no problems\n');
  expect(again.code).toBe(2);
  expect(again.stderr.split('\n').filter((line) => line.includes('already exists'))).toHaveLength(5);
});

test('writes nothing when one of its files exists, or when something else is where its folder would be', async () => {
  using taken = workspace({ 'manifest.csv': 'mine' });
  using blocked = workspace({ media: 'a file' });
  using linked = workspace();
  mkdirSync(join(linked.directory, 'elsewhere'));
  symlinkSync('elsewhere', join(linked.directory, 'media'));

  const outcomes = [];
  for (const folder of [taken, blocked, linked]) outcomes.push(await folder.run(['init']));

  expect(outcomes).toMatchObject([
    { code: 2, stderr: 'manifest.csv already exists · nothing was written; move or rename it first\n' },
    { code: 2, stderr: 'media already exists and is not a folder · nothing was written; move or rename it first\n' },
    { code: 2, stderr: 'media already exists and is not a folder · nothing was written; move or rename it first\n' },
  ]);
  expect([taken.list(), taken.read('manifest.csv')]).toEqual([['manifest.csv'], 'mine']);
  expect([blocked.list(), linked.list()]).toEqual([['media'], []]);
});

test('the media of the example are small', async () => {
  using folder = workspace();

  await folder.run(['init']);

  for (const name of folder.list()) expect(readFileSync(join(folder.directory, name)).length).toBeLessThan(40_000);
});

test.each([
  ['question', 'scorers: [{name: exact, normalizer: basic}]'],
  ['choice', 'scorers: [choice]'],
  ['number', 'scorers: [numeric]'],
  ['transcription', 'scorers: [{name: wer, normalizer: whisper-en}]'],
  ['extraction', 'scorers: [json]'],
])('init chooses the scorers for the task %s, and its files are valid', async (task, scorers) => {
  using folder = workspace();

  await folder.run(['init', '--task', task]);

  expect(folder.read('earsight.config.yaml')).toContain(scorers);
  expect(TASK_NAMES).toContain(task);
  expect((await folder.run(['validate'])).code).toBe(0);
});

test('init names the tasks it knows', async () => {
  using folder = workspace();

  const { code, stderr } = await folder.run(['init', '--task', 'transcript']);

  expect([code, folder.list()]).toEqual([2, []]);
  expect(stderr).toContain('--task: unknown task "transcript" · did you mean "transcription"?');
});

test('init --from a folder of media writes a manifest for it, and both are valid', async () => {
  using folder = workspace({
    'photos/b.png': pngBytes(),
    'photos/trip/a, "1".png': pngBytes({ seed: 1 }),
    'photos/notes.txt': 'no medium',
    'photos/hello.wav': wavBytes(),
  });

  const { stdout } = await folder.run(['init', '--from', 'photos/', '--prompt', 'What is the total?']);
  const checked = await folder.run(['validate']);

  expect(stdout).toContain('wrote earsight.config.yaml, earsight.schema.json and manifest.csv · next:');
  expect(folder.read('manifest.csv')).toBe(
    [
      'id,prompt,image,audio,target',
      'b.png,What is the total?,photos/b.png,,',
      'hello.wav,What is the total?,,photos/hello.wav,',
      '"trip/a, ""1"".png",What is the total?,"photos/trip/a, ""1"".png",,',
      '',
    ].join('\n'),
  );
  expect(checked.code).toBe(0);
  expect(checked.stdout).toContain('manifest.csv: 3 samples x 4 models x 1 = 12 cells, no problems\n');
});

test('init --from a folder elsewhere sets mediaRoot', async () => {
  using folder = workspace({ 'photos/a.png': pngBytes(), 'work/x': '' });
  const cwd = join(folder.directory, 'work');

  await folder.run(['init', '--from', '../photos'], { cwd });
  const checked = await folder.run(['validate'], { cwd });

  expect(folder.read('work/earsight.config.yaml')).toContain('dataset: {path: manifest.csv, mediaRoot: "../photos"}');
  expect(folder.read('work/manifest.csv')).toContain('\na.png,Transcribe the text in the image.,a.png,,\n');
  expect(checked).toMatchObject({ code: 0, stderr: '' });
});

test('init --from a manifest of ours names it, with a scorer that fits its targets', async () => {
  using folder = workspace({
    'sets/m.csv': 'id,prompt,image,target\na,How much?,a.png,12\n',
    'sets/a.png': pngBytes(),
  });

  const { stdout } = await folder.run(['init', '--from', 'sets/m.csv']);

  expect(stdout).toBe('wrote earsight.config.yaml and earsight.schema.json · next: earsight validate\n');
  expect(folder.read('earsight.config.yaml')).toContain('dataset: sets/m.csv ');
  expect(folder.read('earsight.config.yaml')).toContain('\nscorers: [numeric]   # by the look of the targets\n');
  expect((await folder.run(['validate'])).code).toBe(0);
});

test('init --from rows without a prompt sets dataset.prompt', async () => {
  using folder = workspace({ 'm.csv': 'id,audio,target\na,a.wav,hello there my old friend\n', 'a.wav': wavBytes() });

  await folder.run(['init', '--from', 'm.csv']);
  const { code } = await folder.run(['validate']);

  expect(folder.read('earsight.config.yaml')).toContain('dataset: {path: m.csv, prompt: "Transcribe the audio."}');
  expect(folder.read('earsight.config.yaml')).toContain('scorers: [{name: wer, normalizer: whisper-en}]');
  expect(code).toBe(0);
});

test('init --from a dataset of another tool names it as it is', async () => {
  using folder = workspace({
    'images/metadata.csv': 'file_name,text\na.png,EXIT\n',
    'images/a.png': pngBytes(),
  });

  await folder.run(['init', '--from', 'images']);
  const checked = await folder.run(['validate']);

  expect(folder.read('earsight.config.yaml')).toContain(
    'dataset: {path: images, prompt: "Transcribe the text in the image."}',
  );
  expect(checked.code).toBe(0);
  expect(checked.stdout).toContain('images (hf-folder): 1 sample');
});

test.each([
  ['photo', 'photo cannot be read: missing · did you mean "photos"?\n'],
  ['photos', 'photos has no media · name a folder with media, or a manifest\n'],
  ['notes.txt', 'notes.txt has an unknown format · '],
  ['m.csv', 'm.csv:2:4 image "a.png" does not exist · '],
])('init --from %s is rejected, and nothing is written', async (from, message) => {
  using folder = workspace({ 'photos/notes.txt': 'x', 'notes.txt': 'x', 'm.csv': 'prompt,image\nhi,a.png\n' });

  const { code, stderr } = await folder.run(['init', '--from', from]);

  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(folder.list()).not.toContain('earsight.config.yaml');
});

test('--prompt without --from is rejected', async () => {
  using folder = workspace();

  expect(await folder.run(['init', '--prompt', 'What?'])).toMatchObject({
    code: 2,
    stderr: '--prompt needs --from · the example has prompts of its own\n',
  });
});

test('a folder with documents and videos becomes a manifest with their columns, which is valid', async () => {
  using folder = workspace({
    'in/paper.pdf': pdfBytes(),
    'in/film.mp4': mp4Bytes({ seconds: 2 }),
    'in/sign.png': pngBytes(),
  });

  const { code } = await folder.run(['init', '--from', 'in']);
  const checked = await folder.run(['validate', '--model', 'openai:any', '--endpoint', 'http://127.0.0.1:9/v1']);

  expect(code).toBe(0);
  expect(folder.read('manifest.csv')).toBe(
    'id,prompt,image,audio,document,video,target\n' +
      'film.mp4,Describe the video.,,,,in/film.mp4,\n' +
      'paper.pdf,Transcribe the text in the document.,,,in/paper.pdf,,\n' +
      'sign.png,Transcribe the text in the image.,in/sign.png,,,,\n',
  );
  expect(checked.stdout).toContain('documents: in 1 sample');
});
