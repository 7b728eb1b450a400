import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fetchThrough } from '../../src/dataset/remote-media.ts';
import { openUrlCache } from '../../src/dataset/url-cache.ts';
import { type CapturedRequest, type Reply, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes } from '../helpers/media.ts';
import { makeFolder } from './folder.ts';
import { loopbackAgent } from './loopback.ts';

const png = pngBytes({ width: 30, height: 30 });
const other = pngBytes({ width: 31, height: 30 });
const URI = 'https://account.example/set/a.png?sv=2026&sig=c2VjcmV0';

/** A server that knows its ETag, a folder of a data set, and what a run would fetch. */
async function storage(etag: string | null = '"v1"', more: Readonly<Record<string, string>> = {}) {
  const state = { bytes: png, etag };
  const endpoint = await startEndpoint(({ headers }: CapturedRequest): Reply => {
    const described = { ...more, ...(state.etag === null ? {} : { etag: state.etag }) };
    const isKnown = state.etag !== null && headers['if-none-match'] === state.etag;
    return isKnown ? { status: 304, headers: described } : { headers: described, body: state.bytes };
  });
  onTestFinished(() => endpoint.close());
  const folder = makeFolder({});
  const dispatcher = loopbackAgent(endpoint.port);
  const load = (maxBytes = 10_000) => fetchThrough(openUrlCache(folder), URI, { dispatcher, maxBytes });
  const sent = () => endpoint.requests.map(({ headers }) => headers['if-none-match'] ?? headers['if-modified-since']);
  return { endpoint, folder, media: `${folder}/.earsight/media`, load, sent, state };
}

const names = (folder: string) => readdirSync(folder).sort();

describe('a medium behind a URL', () => {
  test('is sent once: the next run asks with its ETag and uses what was kept', async () => {
    const { load, sent } = await storage();

    const first = await load();
    const second = await load();

    expect(sent()).toEqual([undefined, '"v1"']);
    expect([first, second].map(({ bytes, mediaType }) => [bytes.equals(png), mediaType])).toEqual([
      [true, 'image/png'],
      [true, 'image/png'],
    ]);
  });

  test('is replaced when the server has another one', async () => {
    const { load, sent, state } = await storage();
    await load();
    Object.assign(state, { etag: '"v2"', bytes: other });

    const changed = await load();
    const again = await load();

    expect(sent()).toEqual([undefined, '"v1"', '"v2"']);
    expect([changed, again].map(({ bytes }) => bytes.equals(other))).toEqual([true, true]);
  });

  test('is asked for by its time where it has no ETag', async () => {
    const time = 'Sun, 01 Nov 2026 10:00:00 GMT';
    const { load, sent } = await storage(null, { 'last-modified': time });

    await load();
    await load();

    expect(sent()).toEqual([undefined, time]);
  });

  test.each([
    ['without ETag and time', null, {}],
    ['that must not be stored', '"v1"', { 'cache-control': 'private, no-store' }],
    ['with an ETag that is too long', `"${'x'.repeat(2000)}"`, {}],
  ])('%s is fetched each time, and nothing is written', async (_, etag, more) => {
    const { load, sent, folder } = await storage(etag, more);

    await load();
    await load();

    expect(sent()).toEqual([undefined, undefined]);
    expect(names(folder)).toEqual([]);
  });

  test('leaves no word of its URL on the disk', async () => {
    const { load, media } = await storage();

    await load();

    expect(names(media)).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}\.png$/u),
      expect.stringMatching(/^url-[0-9a-f]{32}\.json$/u),
    ]);
    const entry = readFileSync(`${media}/${names(media)[1]}`, 'utf8');
    for (const word of ['account', 'set', 'a.png', 'sig', 'c2VjcmV0']) expect(entry).not.toContain(word);
  });

  test('is for its owner only', async () => {
    const { load, media } = await storage();

    await load();

    const modes = [media, ...names(media).map((name) => `${media}/${name}`)].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([0o700, 0o600, 0o600]);
  });

  test.each([
    ['other bytes of the same length', (path: string) => writeFileSync(path, Buffer.alloc(png.length, 1))],
    ['no bytes', (path: string) => writeFileSync(path, '')],
  ])('is fetched again when the kept file has %s', async (_, damage) => {
    const { load, sent, media } = await storage();
    await load();
    damage(`${media}/${names(media)[0]}`);

    const { bytes } = await load();
    await load();

    expect(bytes.equals(png)).toBe(true);
    // The damaged file was written again, so it serves the third run.
    expect(sent()).toEqual([undefined, undefined, '"v1"']);
  });

  test.each([
    ['is not JSON', () => '{'],
    ['names a file of another folder', (entry: object) => JSON.stringify({ ...entry, file: '../../secret.png' })],
    [
      'has a header in its ETag',
      (entry: object) => JSON.stringify({ ...entry, validators: { etag: '"v1"\r\nx-evil: 1' } }),
    ],
    ['has no hash', (entry: object) => JSON.stringify({ ...entry, sha256: 7 })],
    ['is a list', () => '[]'],
  ])('is fetched again when its entry %s', async (_, forge) => {
    const { load, sent, media } = await storage();
    await load();
    const path = `${media}/${names(media)[1]}`;
    writeFileSync(path, forge(JSON.parse(readFileSync(path, 'utf8'))));

    const { bytes } = await load();

    expect(bytes.equals(png)).toBe(true);
    expect(sent()).toEqual([undefined, undefined]);
  });

  test('is not read through a link in the place of its file', async () => {
    const { load, sent, media, folder } = await storage();
    await load();
    const [file = ''] = names(media);
    const linked = makeFolder({ 'b.png': png });
    const elsewhere = openUrlCache(folder);
    const entry = `${media}/${names(media)[1]}`;
    const forged = { ...JSON.parse(readFileSync(entry, 'utf8')), file: `${'0'.repeat(32)}.png` };
    symlinkSync(`${linked}/b.png`, `${media}/${'0'.repeat(32)}.png`);
    writeFileSync(entry, JSON.stringify(forged));

    expect(await elsewhere.find(URI)).toBeNull();
    expect(file).not.toBe(forged.file);
    await load();
    expect(sent()).toEqual([undefined, undefined]);
  });

  test('is not written through a link in the place of the folder', async () => {
    const { load, folder } = await storage();
    const outside = makeFolder({});
    mkdirSync(`${folder}/.earsight`);
    symlinkSync(outside, `${folder}/.earsight/media`);

    expect((await load()).bytes.equals(png)).toBe(true);
    expect(names(outside)).toEqual([]);
  });

  test('above the limit is fetched, and rejected like any other', async () => {
    const { load } = await storage();
    await load();

    await expect(load(50)).rejects.toMatchObject({
      kind: 'media',
      message: expect.stringContaining('more than 50 bytes'),
    });
  });

  test('is fetched when its server says 304 without being asked', async () => {
    const { load, endpoint } = await storage();
    endpoint.script({ status: 304 });

    await expect(load()).rejects.toMatchObject({ message: 'media host "account.example" answers status 304' });
  });
});
