import { hash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepLatest } from '../../src/dataset/kept-files.ts';
import { createRemoteLocator } from '../../src/dataset/locate-remote.ts';
import { createRemoteFiles, type RemoteFilesOptions } from '../../src/dataset/remote-folder.ts';
import { InputError } from '../../src/errors.ts';
import { type Endpoint, type Reply, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes } from '../helpers/media.ts';

const SECRET = 'sig-7c1e9a';
let storage: Endpoint;
/** What the storage answers, by path. */
let files: Record<string, Reply>;

beforeEach(async () => {
  files = { '/set/a.png': { body: pngBytes() } };
  storage = await startEndpoint(({ path }) => files[path] ?? { status: 404 });
});
afterEach(() => storage.close());

function locator(options: RemoteFilesOptions = {}, maxMediaBytes = 1e6) {
  return createRemoteLocator({
    base: new URL(`${storage.url}/set/?sig=${SECRET}`),
    files: keepLatest(createRemoteFiles({ sleep: async () => {}, ...options })),
    maxMediaBytes,
    known: new Map(),
  });
}

describe('a medium below a URL', () => {
  test('is described by its bytes, and read once for the check and the request', async () => {
    const found = await locator()('a.png');

    expect(found).toMatchObject({ mediaType: 'image/png', sha256: hash('sha256', pngBytes()) });
    if ('message' in found || !('read' in found)) throw new Error('no file');
    expect(await found.read()).toEqual(pngBytes());
    expect(storage.requests.map(({ url }) => url)).toEqual([`/set/a.png?sig=${SECRET}`]);
  });

  test('is fetched again when it is no longer kept, and other bytes are not used', async () => {
    const locate = createRemoteLocator({
      base: new URL(`${storage.url}/set/`),
      files: keepLatest(createRemoteFiles(), 0),
      maxMediaBytes: 1e6,
      known: new Map(),
    });
    const found = await locate('a.png');
    if ('message' in found) throw new Error(found.message);
    files['/set/a.png'] = { body: pngBytes({ seed: 5 }) };

    await expect(found.read()).rejects.toThrow('"a.png" changed since validation');
    expect(storage.requests).toHaveLength(2);
  });

  test.each<[string, Reply, string]>([
    ['that is not there', { status: 404 }, 'does not exist (status 404)'],
    ['that may not be read', { status: 403 }, 'cannot be read (status 403)'],
    ['without bytes', { body: '' }, 'is empty (0 bytes)'],
    ['above the limit', { body: Buffer.alloc(1001) }, 'is larger than 1000 bytes'],
    [
      'behind a redirect to this machine',
      { status: 302, headers: { location: 'https://127.0.0.1:1/x' } },
      'is redirected: media host "127.0.0.1:1" has a private address',
    ],
    [
      'behind a redirect without encryption',
      { status: 307, headers: { location: '/set/a.png' } },
      'uses http:, not https:',
    ],
  ])('%s is a fault that does not hold the query', async (_, reply, message) => {
    files['/set/b.png'] = reply;
    const found = await locator({}, 1000)('b.png');

    expect(found).toMatchObject({ message: expect.stringContaining(message) });
    expect(JSON.stringify(found)).not.toContain(SECRET);
  });

  test('is asked for again after a fault of the storage', async () => {
    const replies: Reply[] = [{ status: 503 }, { body: pngBytes() }];
    storage.script(() => replies.shift());
    expect(await locator()('a.png')).toMatchObject({ mediaType: 'image/png' });
  });

  test('is given up after five tries, once the storage has answered', async () => {
    const locate = locator();
    await locate('a.png');
    files['/set/b.png'] = { status: 500 };
    expect(await locate('b.png')).toMatchObject({ message: 'cannot be read (status 500)' });
    expect(storage.requests).toHaveLength(1 + 5);
  });
});

describe('a base that is wrong', () => {
  test('is not asked for every row', async () => {
    storage.script({ status: 403 });
    const locate = locator();
    const errors = await Promise.allSettled(['1', '2', '3'].map(locate));

    expect(errors.map(({ status }) => status)).toContain('rejected');
    expect(errors.find((one) => one.status === 'rejected')?.reason).toBeInstanceOf(InputError);
  });

  test('is named at once when nothing answers', async () => {
    await storage.close();
    await expect(locator()('a.png')).rejects.toThrow(
      'nothing below mediaRoot can be read: a medium does not arrive: the storage cannot be reached (ECONNREFUSED)',
    );
  });

  test('is given up when it gives no answer', async () => {
    storage.script({ hang: true });
    await expect(locator({ headersMs: 1 })('a.png')).rejects.toThrow('the storage gives no answer');
  });
});
