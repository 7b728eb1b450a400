import { expect, test } from 'vitest';
import { bareBase64 } from '../../src/dataset/bare-base64.ts';
import { pngBytes } from '../helpers/media.ts';

test('names bare base64 by the medium in it', () => {
  const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), Buffer.from('JFIF\0'), Buffer.alloc(60)]);

  expect(bareBase64(pngBytes({ width: 8, height: 8 }).toString('base64'))).toEqual({
    message: 'is bare base64',
    hint: 'write data:image/png;base64, in front of it',
  });
  expect(bareBase64(jpeg.toString('base64'))?.hint).toBe('write data:image/jpeg;base64, in front of it');
});

test.each(['iVBORw0KGgo', `${'a'.repeat(80)}`, `iVBORw0KGgo/${'a'.repeat(80)}.png`])(
  'leaves the path %s alone',
  (path) => {
    expect(bareBase64(path)).toBeNull();
  },
);
