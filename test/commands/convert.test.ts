import { expect, test } from 'vitest';
import { workspace } from '../helpers/cli.ts';
import { pngBytes } from '../helpers/media.ts';

const TABLE = `index\timage\tquestion\tanswer\n1\t${pngBytes().toString('base64')}\tWhat?\tpear\n`;

test('writes a manifest and its media, says so in a line, and the manifest can be used', async () => {
  using space = workspace({ 'in.tsv': TABLE });

  const outcome = await space.run(['convert', 'in.tsv', '-o', 'data/manifest.jsonl']);

  expect(outcome).toEqual({
    code: 0,
    stdout: 'in.tsv (vlmevalkit) -> data/manifest.jsonl: 1 sample, 1 media file in media/\n',
    stderr: '',
  });
  expect(space.list('data')).toEqual(['manifest.jsonl', expect.stringMatching(/^media\/[0-9a-f]{32}\.png$/)]);
});

test('does not replace a file unless told', async () => {
  using space = workspace({ 'in.tsv': TABLE, 'm.jsonl': 'mine' });

  const refused = await space.run(['convert', 'in.tsv', '--out', 'm.jsonl']);
  const kept = space.read('m.jsonl');
  const forced = await space.run(['convert', 'in.tsv', '--out', 'm.jsonl', '--force']);

  expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('m.jsonl already exists') });
  expect(kept).toBe('mine');
  expect(forced.code).toBe(0);
  expect(space.read('m.jsonl')).toContain('"target":"pear"');
});

test('fills a prompt in for rows without one', async () => {
  using space = workspace({ 'in.csv': 'question,target\nWhy?,so\n' });

  await space.run(['convert', 'in.csv', '-o', 'm.jsonl', '--prompt', 'Answer: {{question}}']);

  expect(JSON.parse(space.read('m.jsonl'))).toEqual({
    prompt: 'Answer: Why?',
    target: 'so',
    meta: { question: 'Why?' },
  });
});

test('lists what it left out', async () => {
  using space = workspace({ 'in.csv': 'prompt,image\nWhat?,no.png\nWho?,\n' });

  const outcome = await space.run(['convert', 'in.csv', '-o', 'm.jsonl', '--skip-broken']);

  expect(outcome.code).toBe(0);
  expect(outcome.stderr).toMatch(/^warning: left out: in\.csv:2:7 image "no\.png" does not exist/);
  expect(outcome.stdout).toBe('in.csv -> m.jsonl: 1 sample\n');
});

test.each([
  [['in.tsv'], 'no --out given · for example -o manifest.jsonl\n'],
  [['in.tsv', '-o', 'm.jsonl', '--format', 'inspct'], 'unknown format "inspct" · did you mean "inspect"?\n'],
  [['no.tsv', '-o', 'm.jsonl'], 'no.tsv does not exist · did you mean "in.tsv"?\n'],
])('rejects %j', async (argv, message) => {
  using space = workspace({ 'in.tsv': TABLE });

  const outcome = await space.run(['convert', ...argv]);

  expect(outcome).toEqual({ code: 2, stdout: '', stderr: message });
});
