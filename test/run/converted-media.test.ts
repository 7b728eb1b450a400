import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { flacBytes } from '../helpers/flac.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';

let endpoint: Endpoint;
let folder: Workspace;
beforeEach(async () => {
  endpoint = await startEndpoint();
  folder = workspace({
    'm.csv': 'id,prompt,image,audio\na,x,scan.tif,\nb,x,big.png,\nc,x,,voice.flac\nd,x,,long.wav\n',
    'scan.tif': await sharp(pngBytes({ width: 8, height: 4 }))
      .tiff()
      .toBuffer(),
    'big.png': pngBytes({ width: 40, height: 20 }),
    'voice.flac': flacBytes(8000, 8000),
    'long.wav': wavBytes({ seconds: 0.5, sampleRate: 8000 }),
  });
});
afterEach(async () => {
  await endpoint.close();
  folder[Symbol.dispose]();
});

const configure = (media: string, more = '') =>
  folder.write({
    'earsight.config.yaml': `dataset: m.csv\nmodels:\n  - {id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: m, auth: {type: none}, media: ${media}}\n${more}`,
  });

const results = (out = 'out') =>
  folder
    .read(`${out}/journal.jsonl`)
    .split('\n')
    .filter((line) => line.includes('"result"'))
    .map((line) => JSON.parse(line).data);

describe('before anything is sent', () => {
  test.each(['validate', 'estimate', 'run'])('%s says what will be changed', async (command) => {
    configure('{image: {maxEdge: 16}, audio: {format: wav, sampleRate: 16000, maxSeconds: 0.25}}');

    const { code, stderr } = await folder.run([command]);

    expect(code).toBe(0);
    expect(stderr.split('\n').filter((line) => /warning: m: \d/.test(line))).toEqual([
      'warning: m: 1 image is converted from TIFF to PNG: scan.tif',
      'warning: m: 1 image is scaled down to at most 16 pixels a side: big.png',
      'warning: m: 1 clip is converted from FLAC to WAV: voice.flac',
      'warning: m: 2 clips are cut to the first 0.25 s: voice.flac and 1 more',
      'warning: m: 2 clips are resampled from 8000 to 16000 Hz: voice.flac and 1 more',
    ]);
  });

  test('auto leaves what the model takes as it is', async () => {
    configure('auto');

    const { code, stderr } = await folder.run(['validate']);

    expect(code).toBe(0);
    expect(stderr.split('\n').filter((line) => /warning: m: \d/.test(line))).toEqual([
      'warning: m: 1 image is converted from TIFF to PNG: scan.tif',
      'warning: m: 1 clip is converted from FLAC to WAV: voice.flac',
      'warning: m: 1 clip is resampled from 8000 to 16000 Hz: voice.flac',
    ]);
  });

  test('images and clips that would need too much memory are problems', async () => {
    configure('auto');
    const bomb = pngBytes();
    bomb.writeUInt32BE(50_000, 16);
    bomb.writeUInt32BE(50_000, 20);
    folder.write({
      'm.csv': 'id,prompt,image,audio\na,x,bomb.png,\nb,x,,hours.flac\n',
      'bomb.png': bomb,
      'hours.flac': flacBytes(10 * 3600 * 8000, 8000),
    });

    const { code, stderr } = await folder.run(['run']);

    expect(code).toBe(2);
    expect(stderr).toContain(
      'm.csv:2:5 "bomb.png" cannot be used: it has 50000 x 50000 pixels; at most 100 megapixels can be scaled or converted',
    );
    expect(stderr).toContain('m.csv:3:6 "hours.flac" cannot be used: as WAV its 36000 s have more than 20971520 bytes');
    expect(endpoint.requests).toEqual([]);
  });

  test('M4A is named with the command that converts it', async () => {
    configure('auto');
    folder.write({
      'm.csv': 'id,prompt,audio\na,x,a.m4a\n',
      'a.m4a': Buffer.from('00000018667479704d344120000000004d34412069736f6d', 'hex'),
    });

    expect((await folder.run(['validate'])).stderr).toContain(
      'audio/mp4 (M4A), which media.audio cannot convert · convert it: ffmpeg -i IN -vn OUT.wav',
    );
  });
});

test('the journal names what was sent: hash, form and codec', async () => {
  configure('auto');

  await folder.run(['run', '--out', 'out'], { versionOf: () => '1.2.3' });

  const sent = new Map(results().map(({ sampleId, sentMedia }) => [sampleId, sentMedia]));
  expect([...sent.keys()].sort()).toEqual(['a', 'b', 'c', 'd']);
  expect(sent.get('b')).toBeUndefined();
  expect(sent.get('a')).toEqual([
    {
      uri: 'scan.tif',
      mediaType: 'image/png',
      byteLength: expect.any(Number),
      sha256: expect.any(String),
      codec: 'sharp 1.2.3',
    },
  ]);
  const hashes = results().flatMap(({ sentMedia = [] }) => sentMedia.map(({ sha256 }: { sha256: string }) => sha256));
  expect(hashes).toHaveLength(2);
  expect(folder.read('out/run.json')).toContain('"sharp 1.2.3"');
  expect((await folder.run(['show', 'out', 'a'])).stdout).toMatch(
    /sent as +image\/png, \d+ bytes, sha256 [0-9a-f]{64}, by sharp 1\.2\.3, instead of scan\.tif/,
  );
});

test('with another version of a codec nothing is asked again, and the reports name both', async () => {
  configure('auto', 'reporters: [markdown, json]\n');
  await folder.run(['run', '--out', 'out'], { versionOf: () => '1.2.3' });
  const before = endpoint.requests.length;

  const { code } = await folder.run(['run', '--resume', 'out'], { versionOf: () => '4.5.6' });

  expect(code).toBe(0);
  expect(endpoint.requests).toHaveLength(before);
  const named = 'media were converted by sharp 1.2.3 and 4.5.6';
  expect(JSON.parse(folder.read('out/report.json')).warnings.join()).toContain(named);
  expect(folder.read('out/report.md')).toContain(named);
  expect((await folder.run(['report', 'out'])).stderr).toContain(named);
});

const REAL = '../shared/real/jfk.flac';

test.skipIf(!existsSync(REAL))('a FLAC that others made is sent as a WAV of 16 kHz', async () => {
  configure('auto');
  folder.write({ 'm.csv': 'id,prompt,audio\na,x,jfk.flac\n', 'jfk.flac': readFileSync(REAL) });

  await folder.run(['run', '--out', 'out']);

  const base64 = endpoint.requests[0]?.body.match(/"data":"([^"]+)"/)?.[1] ?? '';
  const sent = Buffer.from(base64, 'base64');
  expect(sent.readUInt32LE(24)).toBe(16_000);
  expect(results()[0].sentMedia).toMatchObject([
    { byteLength: sent.length, sha256: createHash('sha256').update(sent).digest('hex') },
  ]);
});
