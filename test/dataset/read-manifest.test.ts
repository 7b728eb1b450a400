import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readManifest } from '../../src/dataset/read-manifest.ts';
import type { ContentPart, Sample } from '../../src/types.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';
import { makeFolder, readAll, readFolder } from './folder.ts';

const png = pngBytes();
const wav = wavBytes();
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const jsonl = (...rows: unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** What a part is, in short: text as it is, media by type and place. */
function show(part: ContentPart): string {
  if (part.type === 'text') return part.text;
  return `${part.type} ${part.media.uri}${part.type === 'image' && part.detail !== undefined ? ` ${part.detail}` : ''}`;
}

const contents = (sample: Sample | undefined) =>
  sample?.messages.map(({ role, content }) => [role, ...content.map(show)]);

describe('a CSV manifest', () => {
  test('gives samples with every column', async () => {
    const manifest = [
      'id,prompt,system,image,audio,target,scorer,group,tags,meta.lang,colour',
      'a,"What is\nthis?",Be brief.,img/chart.png|img/chart.png,clip.wav,bus,exact|wer,g1,x| y ,de,red',
      '',
      'b,Hello?,,,,,,,,,',
    ].join('\n');

    const { samples, problems } = await readFolder(
      { 'm.csv': manifest, 'img/chart.png': png, 'clip.wav': wav },
      'm.csv',
    );

    expect(problems).toEqual([]);
    expect(samples).toHaveLength(2);
    expect(contents(samples[0])).toEqual([
      ['system', 'Be brief.'],
      ['user', 'What is\nthis?', 'image img/chart.png', 'image img/chart.png', 'audio clip.wav'],
    ]);
    expect(samples[0]).toMatchObject({
      id: 'a',
      index: 0,
      line: 2,
      turns: [],
      target: ['bus'],
      scorers: [{ name: 'exact' }, { name: 'wer' }],
      group: 'g1',
      tags: ['x', 'y'],
      metadata: { lang: 'de', colour: 'red' },
    });
    expect(samples[1]).toEqual({
      id: 'b',
      index: 1,
      line: 5,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello?' }] }],
      turns: [],
      target: [],
      group: null,
      tags: [],
      metadata: {},
    });
  });

  test('names a media file by its bytes: type, size and hash', async () => {
    const folder = makeFolder({ 'm.csv': 'prompt,image\n?,photo.jpeg\n', 'photo.jpeg': png });

    const { samples } = await readAll({ path: join(folder, 'm.csv'), displayPath: 'm.csv' });

    expect(samples[0]?.messages[0]?.content[1]).toEqual({
      type: 'image',
      media: {
        type: 'file',
        uri: 'photo.jpeg',
        path: join(folder, 'photo.jpeg'),
        mediaType: 'image/png',
        sha256: sha256(png),
        byteLength: png.length,
      },
    });
  });

  test.each([
    ['expected', 'prompt,expected\n?,a\n', ['a']],
    ['answer', 'prompt,answer\n?,a\n', ['a']],
    ['a JSON list', 'prompt,target\n?,"[""a"", ""b""]"\n', ['a', 'b']],
    ['numbered columns', 'prompt,target_2,target,target_3\n?,b,a,\n', ['a', 'b']],
    ['a list that is an answer', 'prompt,target\n?,"[1, 2]"\n', ['[1, 2]']],
    ['a number list that is cut off', 'prompt,target\n?,"[1"\n', ['[1']],
    ['a list that holds a text like a list', `prompt,target\n?,"[""['a']""]"\n`, ["['a']"]],
    ['nothing', 'prompt,target\n?,\n', []],
    ['an empty answer', 'prompt,target\n?,"[""""]"\n', ['']],
  ])('takes targets by %s', async (_, manifest, target) => {
    const { samples, problems } = await readFolder({ 'm.csv': manifest }, 'm.csv');

    expect(problems).toEqual([]);
    expect(samples.map((sample) => sample.target)).toEqual([target]);
  });

  test.each([
    ['an empty text', '{"id": "a", "prompt": "?", "target": ""}', ['']],
    ['an empty text by another name', '{"id": "a", "prompt": "?", "expected": ""}', ['']],
    ['a list with an empty text', '{"id": "a", "prompt": "?", "target": [""]}', ['']],
    ['null', '{"id": "a", "prompt": "?", "target": null}', []],
    ['an empty list', '{"id": "a", "prompt": "?", "target": []}', []],
  ])('takes the target of JSONL by %s: silence has an empty transcript', async (_, manifest, target) => {
    const { samples, problems } = await readFolder({ 'm.jsonl': manifest }, 'm.jsonl');

    expect(problems).toEqual([]);
    expect(samples.map((sample) => sample.target)).toEqual([target]);
  });

  test.each([
    ['images', 'a.png', 'image a.png'],
    ['image_file_name', 'a.png', 'image a.png'],
    ['audios', 'b.wav', 'audio b.wav'],
    ['audio_file_name', 'b.wav', 'audio b.wav'],
    ['file_name', 'a.png', 'image a.png'],
    ['file_name', 'b.wav', 'audio b.wav'],
    ['media', 'https://example.com/b.MP3', 'audio https://example.com/b.MP3'],
    ['file_name', 'https://example.com/a.webp?x=1', 'image https://example.com/a.webp?x=1'],
    ['image', 'odd\\|name.png', 'image odd|name.png'],
  ])('takes %s as a column of media', async (column, cell, part) => {
    const files = { 'm.csv': `prompt,${column}\n?,${cell}\n`, 'a.png': png, 'b.wav': wav, 'odd|name.png': png };

    const { samples, problems } = await readFolder(files, 'm.csv');

    expect(problems).toEqual([]);
    expect(samples[0]?.messages[0]?.content.map(show)).toEqual(['?', part]);
  });

  test.each(['media', 'file_name', 'image', 'images', 'image_file_name'])('takes %s in a turn', async (member) => {
    const files = { 'm.jsonl': `{"turns": [{"user": "?", "${member}": "a.png"}]}\n`, 'a.png': png };

    const { samples, problems } = await readFolder(files, 'm.jsonl');

    expect(problems).toEqual([]);
    expect(samples[0]?.turns[0]?.content.map(show)).toEqual(['?', 'image a.png']);
  });

  test.each([
    ['m.csv', 'prompt,slice,meta.slice\nhi,one,two\n'],
    ['m.jsonl', '{"prompt": "hi", "slice": "one", "meta": {"slice": "two"}}\n'],
  ])('reports metadata that is given twice in %s', async (name, manifest) => {
    const { problems } = await readFolder({ [name]: manifest }, name);

    expect(problems).toEqual([
      `${name}:${name === 'm.csv' ? '2:8' : 1} metadata "slice" is given twice · keep one of them`,
    ]);
  });

  test('holds conversations and settings as JSON in cells', async () => {
    const row = [
      [{ role: 'user', content: 'Hi' }],
      [{ user: 'One' }],
      { temperature: 0 },
      [{ name: 'wer', weight: 2 }],
    ];
    const cell = (value: unknown) => `"${JSON.stringify(value).replaceAll('"', '""')}"`;
    const [messages, turns, params, scorer] = row.map(cell);
    const manifest = `messages,turns,params,scorer,meta\n${messages},,${params},${scorer},"{""a"": 1}"\n,${turns},,,\n`;

    const { samples, problems } = await readFolder({ 'm.csv': manifest }, 'm.csv');

    expect(problems).toEqual([]);
    expect(contents(samples[0])).toEqual([['user', 'Hi']]);
    expect(samples[0]).toMatchObject({
      params: { temperature: 0 },
      scorers: [{ name: 'wer', weight: 2 }],
      metadata: { a: '1' },
    });
    expect(samples[1]?.turns).toEqual([{ content: [{ type: 'text', text: 'One' }], target: [] }]);
  });

  test.each([
    ['a byte-order mark', '\ufeffprompt,target\nhello,hi\n'],
    ['CR LF line ends', 'prompt,target\r\nhello,hi\r\n'],
    ['no line end at the end', 'prompt,target\nhello,hi'],
    ['empty lines and rows', '\n\nprompt,target\n\n   \n,\nhello,hi\n\n'],
    ['spaces around column names', ' prompt , target \nhello,hi\n'],
  ])('tolerates %s', async (_, manifest) => {
    const { samples, problems } = await readFolder({ 'm.csv': manifest }, 'm.csv');

    expect(problems).toEqual([]);
    expect(samples.map((sample) => [contents(sample), sample.target])).toEqual([[[['user', 'hello']], ['hi']]]);
  });

  test('keeps the line ends inside a quoted cell and counts them', async () => {
    const { samples } = await readFolder({ 'm.csv': 'prompt\r\n"one\r\ntwo\nthree"\r\nlast\r\n' }, 'm.csv');

    expect(samples.map((sample) => [sample.line, contents(sample)])).toEqual([
      [2, [['user', 'one\r\ntwo\nthree']]],
      [5, [['user', 'last']]],
    ]);
  });

  test('is separated by tabs when its name ends in .tsv', async () => {
    const { samples } = await readFolder({ 'm.tsv': 'prompt\ttarget\nhello, you\thi\n' }, 'm.tsv');

    expect(samples.map(({ target }) => target)).toEqual([['hi']]);
  });
});

describe('a JSON Lines manifest', () => {
  test('takes the parts of OpenAI as they are, and short ones', async () => {
    const content = [
      { type: 'text', text: 'Look.' },
      { type: 'image_url', image_url: { url: 'chart.png', detail: 'high' } },
      { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
      { type: 'input_audio', input_audio: { data: wav.toString('base64'), format: 'wav' } },
      { type: 'audio_url', audio_url: { url: `data:audio/x-wav;base64,${wav.toString('base64')}` } },
      { type: 'image', path: 'chart.png', detail: 'low' },
      { type: 'audio', url: 'https://example.com/a.mp3' },
    ];
    const row = {
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: [{ type: 'text', text: 'Hello.' }] },
        { role: 'user', content },
      ],
    };

    const { samples, problems } = await readFolder({ 'm.jsonl': jsonl(row), 'chart.png': png }, 'm.jsonl');

    expect(problems).toEqual([]);
    expect(contents(samples[0])).toEqual([
      ['system', 'Be kind.'],
      ['user', 'Hi'],
      ['assistant', 'Hello.'],
      [
        'user',
        'Look.',
        'image chart.png high',
        'image https://example.com/a.png',
        `audio data:audio/wav;sha256=${sha256(wav)}`,
        `audio data:audio/wav;sha256=${sha256(wav)}`,
        'image chart.png low',
        'audio https://example.com/a.mp3',
      ],
    ]);
    expect(samples[0]?.messages[3]?.content[3]).toEqual({
      type: 'audio',
      media: {
        type: 'data',
        uri: `data:audio/wav;sha256=${sha256(wav)}`,
        mediaType: 'audio/wav',
        sha256: sha256(wav),
        byteLength: wav.length,
        base64: wav.toString('base64'),
      },
    });
  });

  test('keeps turns apart from the history, with a target each', async () => {
    const row = {
      system: 'Be brief.',
      turns: [
        { user: 'Describe it.', images: ['chart.png'], expected: ['bus', 'a bus'] },
        { prompt: 'Which colour?', target: 'red' },
        { user: [{ type: 'audio', path: 'clip.wav' }], audio: null },
      ],
    };

    const { samples, problems } = await readFolder(
      { 'm.jsonl': jsonl(row), 'chart.png': png, 'clip.wav': wav },
      'm.jsonl',
    );

    expect(problems).toEqual([]);
    expect(contents(samples[0])).toEqual([['system', 'Be brief.']]);
    expect(samples[0]?.turns.map(({ content, target }) => [content.map(show), target])).toEqual([
      [
        ['Describe it.', 'image chart.png'],
        ['bus', 'a bus'],
      ],
      [['Which colour?'], ['red']],
      [['audio clip.wav'], []],
    ]);
    expect(samples[0]?.target).toEqual([]);
  });

  test('reads settings in our names and in OpenAI’s', async () => {
    const schema = { type: 'object' };
    const ours = {
      temperature: 0.5,
      topP: 1,
      maxTokens: 5,
      seed: -1,
      stop: ['a'],
      frequencyPenalty: -2,
      presencePenalty: 2,
      reasoningEffort: 'low',
      responseFormat: { type: 'json_schema', name: 'x', schema, strict: true },
    };
    const theirs = {
      temperature: 0.5,
      top_p: 1,
      max_completion_tokens: 5,
      seed: -1,
      stop: 'a',
      frequency_penalty: -2,
      presence_penalty: 2,
      reasoning_effort: 'low',
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema, strict: true } },
    };
    const formats = [
      { response_format: { type: 'json_object' }, seed: null },
      { responseFormat: { type: 'json_schema', name: 'x', schema } },
    ];
    const rows = [ours, theirs, ...formats].map((params, id) => ({ id, prompt: '?', params }));

    const { samples, problems } = await readFolder({ 'm.jsonl': jsonl(...rows) }, 'm.jsonl');

    expect(problems).toEqual([]);
    expect(samples.map(({ params }) => params)).toEqual([
      ours,
      ours,
      { responseFormat: { type: 'json_object' }, seed: null },
      { responseFormat: { type: 'json_schema', name: 'x', schema } },
    ]);
  });

  test('takes scorers, tags and metadata in every form', async () => {
    const rows = [
      { id: 7, prompt: '?', scorer: 'exact', tags: 'a', group: 3, meta: { n: 1, none: null, deep: { a: [1] } } },
      {
        id: 'x',
        prompt: '?',
        scorers: ['exact', { name: 'wer', weight: null, normalizer: 'n' }],
        tags: ['a', 2],
        year: 2024,
      },
    ];

    const { samples, problems } = await readFolder({ 'm.jsonl': jsonl(...rows) }, 'm.jsonl');

    expect(problems).toEqual([]);
    expect(samples[0]).toMatchObject({ id: '7', scorers: [{ name: 'exact' }], tags: ['a'], group: '3' });
    expect(samples[0]?.metadata).toEqual({ n: '1', deep: '{"a":[1]}' });
    expect(samples[1]).toMatchObject({
      scorers: [{ name: 'exact' }, { name: 'wer', normalizer: 'n' }],
      tags: ['a', '2'],
      metadata: { year: '2024' },
    });
  });

  test('takes a prompt that is only media when it is written as parts', async () => {
    const row = { prompt: [{ type: 'audio', path: 'clip.wav' }] };

    const { samples, problems } = await readFolder({ 'm.jsonl': jsonl(row), 'clip.wav': wav }, 'm.jsonl');

    expect(problems).toEqual([]);
    expect(contents(samples[0])).toEqual([['user', 'audio clip.wav']]);
  });
});

describe('a sample without an id', () => {
  test('gets an id from its content: another row before it or another path of its media does not change it', async () => {
    const alone = await readFolder({ 'm.jsonl': jsonl({ prompt: '?', image: 'a.png' }), 'a.png': png }, 'm.jsonl');
    const moved = await readFolder(
      { 'm.jsonl': jsonl({ prompt: 'new' }, { prompt: '?', image: 'b/c.png' }), 'b/c.png': png },
      'm.jsonl',
    );

    expect(alone.samples[0]?.id).toMatch(/^[0-9a-f]{16}$/);
    expect(moved.samples[1]?.id).toBe(alone.samples[0]?.id);
    expect(moved.samples[0]?.id).not.toBe(alone.samples[0]?.id);
  });
});

describe('the media root', () => {
  const nested = { 'data/m.csv': 'prompt,image\n?,../shared/a.png\n', 'shared/a.png': png };

  test('is the manifest’s folder by default', async () => {
    const { problems } = await readFolder(nested, 'data/m.csv');

    expect(problems).toEqual([
      'data/m.csv:2:3 image "../shared/a.png" is outside the manifest\'s folder · move it there, or set mediaRoot to a folder above',
    ]);
  });

  test('lets media lie elsewhere below it', async () => {
    const folder = makeFolder(nested);

    const { samples, problems } = await readAll({
      path: join(folder, 'data/m.csv'),
      displayPath: 'm.csv',
      mediaRoot: folder,
    });

    expect(problems).toEqual([]);
    expect(contents(samples[0])).toEqual([['user', '?', 'image ../shared/a.png']]);
  });

  test('is where paths begin that lead nowhere from the manifest, and absolute ones may lie in it', async () => {
    const folder = makeFolder({ 'media/a.png': png });
    const rows = [
      { id: 1, prompt: '?', image: 'a.png' },
      { id: 2, prompt: '?', image: join(folder, 'media/a.png') },
    ];
    const path = join(makeFolder({ 'm.jsonl': jsonl(...rows) }), 'm.jsonl');

    const { samples, problems } = await readAll({ path, displayPath: 'm.jsonl', mediaRoot: join(folder, 'media') });

    expect(problems).toEqual([]);
    expect(samples).toHaveLength(2);
  });

  test('rejects files outside it', async () => {
    const folder = makeFolder({ 'm.csv': 'prompt,image\n?,a.png\n?,/etc/hosts\n', 'a.png': png, 'media/b.png': png });
    symlinkSync(join(folder, 'a.png'), join(folder, 'media', 'a.png'));

    const { problems } = await readAll({
      path: join(folder, 'm.csv'),
      displayPath: 'm.csv',
      mediaRoot: join(folder, 'media'),
    });

    expect(problems).toEqual([
      'm.csv:2:3 image "a.png" is a link to a file outside the media folder · put the file itself there, or set mediaRoot',
      'm.csv:3:3 image "/etc/hosts" is outside mediaRoot · move it there, or set mediaRoot to a folder above',
    ]);
  });

  test('may itself be reached through a link', async () => {
    const folder = makeFolder({ 'real/m.csv': 'prompt,image\n?,a.png\n', 'real/a.png': png });
    symlinkSync(join(folder, 'real'), join(folder, 'link'));

    const { problems } = await readAll({ path: join(folder, 'link/m.csv'), displayPath: 'm.csv' });

    expect(problems).toEqual([]);
  });

  test('reports a missing root', async () => {
    const { problems } = await readFolder({ 'm.csv': 'prompt,image\n?,a.png\n', 'a.png': png }, 'm.csv', {
      mediaRoot: join('/', 'nowhere', 'at', 'all'),
    });

    expect(problems).toEqual([
      'm.csv:2:3 image "a.png" does not exist · paths are relative to the manifest or to mediaRoot',
    ]);
  });
});

describe('URLs', () => {
  const url = 'https://169.254.169.254/a.png';

  test('are passed on without a check of their address', async () => {
    const { samples, problems } = await readFolder({ 'm.csv': `prompt,image\n?,${url}\n` }, 'm.csv');

    expect(problems).toEqual([]);
    expect(samples[0]?.messages[0]?.content[1]).toEqual({ type: 'image', media: { type: 'url', uri: url } });
  });

  test('to private addresses are rejected when they may be fetched', async () => {
    const manifest = `prompt,image\n?,${url}\n!,https://93.184.216.34/a.png\n`;

    const { samples, problems } = await readFolder({ 'm.csv': manifest }, 'm.csv', { allowRemoteMedia: true });

    expect(samples).toHaveLength(1);
    expect(problems).toEqual([
      `m.csv:2:3 image "${url}" is a private address · media are fetched from the public internet only`,
    ]);
  });
});

describe('the manifest file', () => {
  test('that is missing is reported with the nearest name', async () => {
    const { samples, problems } = await readFolder({ 'manifest.csv': 'prompt\n?\n' }, 'manifset.csv');

    expect(samples).toEqual([]);
    expect(problems).toEqual(['manifset.csv does not exist · did you mean "manifest.csv"?']);
  });

  test('in a missing folder is reported', async () => {
    const { problems } = await readFolder({}, 'nowhere/m.csv');

    expect(problems).toEqual(['nowhere/m.csv does not exist']);
  });

  test('may be a folder only with a prompt for its media', async () => {
    const folder = makeFolder({});
    mkdirSync(join(folder, 'm.csv'));

    const { problems } = await readAll({ path: join(folder, 'm.csv'), displayPath: 'm.csv' });

    expect(problems).toEqual([
      'm.csv is a folder, not a manifest, and its media have no prompt · give --prompt "...", or set dataset.prompt in the configuration',
    ]);
  });

  test('may not be a device', async () => {
    const { problems } = await readAll({ path: '/dev/null', displayPath: '/dev/null', format: 'csv' });

    expect(problems).toEqual(['/dev/null is not a regular file']);
  });

  test('is read in the format that the configuration names', async () => {
    const { samples } = await readFolder({ 'm.txt': '{"prompt": "?"}\n' }, 'm.txt', { format: 'jsonl' });

    expect(samples).toHaveLength(1);
  });

  test.skipIf(process.platform !== 'linux')('that cannot be read to its end is a problem, not a crash', async () => {
    const unreadable = '/proc/self/mem';

    const { problems } = await readAll({ path: unreadable, displayPath: unreadable, format: 'csv' });

    expect(problems).toEqual(['/proc/self/mem cannot be read (EIO)']);
  });
});

test('samples and problems come in the order of the manifest, however long each takes', async () => {
  const rows = Array.from({ length: 40 }, (_, at) =>
    at % 3 === 0
      ? { id: `s${at}`, prompt: '?' }
      : { id: `s${at}`, prompt: '?', image: at % 3 === 1 ? 'a.png' : 'no.gif' },
  );

  const { samples, problems } = await readFolder({ 'm.jsonl': jsonl(...rows), 'a.png': png }, 'm.jsonl');

  expect(samples.map(({ index }) => index)).toEqual(rows.flatMap((_, at) => (at % 3 === 2 ? [] : [at])));
  expect(problems.map((problem) => Number(/:(\d+)/.exec(problem)?.[1]))).toEqual(
    rows.flatMap((_, at) => (at % 3 === 2 ? [at + 1] : [])),
  );
});

test('a reader may stop early', async () => {
  const rows = Array.from({ length: 5000 }, (_, id) => ({ id, prompt: 'x'.repeat(1000) }));
  const folder = makeFolder({ 'm.jsonl': jsonl(...rows) });
  const taken: string[] = [];

  for await (const sample of readManifest({ path: join(folder, 'm.jsonl'), displayPath: 'm.jsonl' }, () => {})) {
    taken.push(sample.id);
    if (taken.length === 2) break;
  }

  expect(taken).toEqual(['0', '1']);
});
