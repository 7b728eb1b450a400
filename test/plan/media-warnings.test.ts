import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MediaTransform } from '../../src/media-transform.ts';
import { requestHash } from '../../src/plan/request-hash.ts';
import type { Media } from '../../src/types.ts';
import { image, testModel, user } from '../helpers/ask.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';
import { readRows } from '../helpers/tables.ts';

let endpoint: Endpoint;
let folder: Workspace;
beforeEach(async () => {
  endpoint = await startEndpoint();
  const photo = (orientation: number) =>
    sharp(pngBytes({ width: 8, height: 4 }))
      .jpeg()
      .withMetadata({ orientation })
      .toBuffer();
  folder = workspace({
    'm.csv': 'id,prompt,image\nup,x,up.jpg\nside,x,side.jpg\ndown,x,down.jpg\n',
    'up.jpg': await photo(1),
    'side.jpg': await photo(6),
    'down.jpg': await photo(3),
  });
});
afterEach(async () => {
  await endpoint.close();
  folder[Symbol.dispose]();
});

const configure = (media: string) =>
  folder.write({
    'earsight.config.yaml': `dataset: m.csv\nmodels:\n  - {id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: m, auth: {type: none}${media}}\n`,
  });

const WARNING =
  'warning: side.jpg: EXIF orientation 6: the model may see it rotated; media.image turns it upright (and 1 more)\n';

test.each(['validate', 'estimate', 'run'])(
  '%s warns of images that are sent as a camera stored them',
  async (command) => {
    configure('');

    expect((await folder.run([command])).stderr).toContain(WARNING);
  },
);

test.each(['validate', 'estimate', 'run'])(
  '%s warns of a clip that lacks its last bytes, and it is sent',
  async (command) => {
    configure('');
    folder.write({
      'm.csv': 'id,prompt,audio\na,x,short.wav\n',
      'short.wav': wavBytes({ seconds: 1 }).subarray(0, -8),
    });

    const { code, stderr } = await folder.run([command]);

    expect(code).toBe(0);
    expect(stderr).toContain(
      'warning: short.wav: its last 8 of 32000 bytes of sound are missing; it is sent as it is\n',
    );
  },
);

test.each(['validate', 'run'])('%s warns of silent clips, unless silence is what is expected', async (command) => {
  configure('');
  const silent = wavBytes({ seconds: 1 }).fill(0, 44);
  folder.write({
    'm.csv': 'id,prompt,audio,target\na,x,mute.wav,hello\nb,x,mute.wav,\nc,x,mute.wav,"[""""]"\nd,x,loud.wav,\n',
    'mute.wav': silent,
    'loud.wav': wavBytes(),
  });

  const { code, stderr } = await folder.run([command]);

  expect(code).toBe(0);
  expect(stderr).toContain(
    'warning: mute.wav: the clip is silent · if that is meant, give it an empty target ("") (and 1 more)\n',
  );
});

test.each(['validate', 'run'])('%s says that a TIFF is converted', async (command) => {
  configure(', media: {image: {}}');
  const scan = await sharp(pngBytes({ width: 8, height: 4 }))
    .tiff()
    .toBuffer();
  folder.write({ 'm.csv': 'id,prompt,image\na,x,scan.tif\n', 'scan.tif': scan });

  const { code, stderr } = await folder.run([command]);

  expect(code).toBe(0);
  expect(stderr).toContain('warning: m: 1 image is converted from TIFF to PNG: scan.tif\n');
});

test.each(['validate', 'estimate', 'run'])('%s does not warn when they are turned upright', async (command) => {
  configure(', media: {image: {maxEdge: 100}}');

  expect((await folder.run([command])).stderr).not.toContain('EXIF');
});

test('a small image reaches the model upright', async () => {
  configure(', media: {image: {maxEdge: 100}}');

  await folder.run(['run', '--out', 'out']);

  expect(readRows(folder, 'out').every(({ status }) => status === 'completed')).toBe(true);
  const sent = endpoint.requests.map(({ json }) => JSON.stringify(json).match(/data:image\/jpeg;base64,([^"]+)/)?.[1]);
  const sizes = await Promise.all(
    sent.map(async (base64 = '') => {
      const { width, height, orientation } = await sharp(Buffer.from(base64, 'base64')).metadata();
      return [width, height, orientation ?? 1].join(' ');
    }),
  );
  expect(sizes.sort()).toEqual(['4 8 1', '8 4 1', '8 4 1']);
});

test('only with media.image, and only for images that are not upright, the request is another than before', () => {
  const upright = fileOf();
  const rotated = fileOf(6);
  const hash = (media: Media, transform?: MediaTransform) => {
    const conversation = { messages: [user(image(media))], followUps: [], targets: [] };
    return requestHash(
      null,
      testModel('openai', transform === undefined ? {} : { media: transform }),
      conversation,
      {},
    );
  };
  const small = { image: { maxEdge: 100 } };

  expect(hash(rotated)).toBe(hash(upright));
  expect(hash(rotated, small)).not.toBe(hash(upright, small));
  // Those of version 0.1.0.
  expect(hash(upright)).toBe('1ae846fb1c0de92f61b28d256bc00eed');
  expect(hash(upright, small)).toBe('66c647cc500e50f7125836012c01c181');
});

function fileOf(orientation?: number): Media {
  const media = {
    type: 'file',
    uri: 'a.jpg',
    path: '/a.jpg',
    mediaType: 'image/jpeg',
    sha256: 'ab',
    byteLength: 9,
  } as const;
  return orientation === undefined ? media : { ...media, orientation };
}
