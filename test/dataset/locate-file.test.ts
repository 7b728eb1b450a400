import { readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createFileLocator, type KnownFiles } from '../../src/dataset/locate-file.ts';
import { readManifest } from '../../src/dataset/read-manifest.ts';
import { pngBytes } from '../helpers/media.ts';
import { makeFolder } from './folder.ts';

test('a file is hashed once, however often and from wherever it is named', async () => {
  const known: KnownFiles = new Map();
  const folder = makeFolder({ 'a.png': pngBytes(), 'sub/b.png': pngBytes({ seed: 1 }) });
  const locate = createFileLocator({ folder, maxMediaBytes: 1000, known });

  const found = await Promise.all(['a.png', './a.png', 'sub/../a.png'].map(locate));
  const [hashed] = known.values();
  const again = await createFileLocator({ folder, maxMediaBytes: 1000, known })('a.png');

  expect(known.size).toBe(1);
  expect([...known.values()][0]).toBe(hashed);
  expect(found.map((file) => file)).toEqual([again, again, again]);
});

test('a single pass remembers only the latest thousand files', async () => {
  const known: KnownFiles = new Map();
  const count = 1003;
  const files = Array.from({ length: count }, (_, index) => [`${index}.png`, pngBytes({ seed: index })] as const);
  const folder = makeFolder(Object.fromEntries(files));
  const locate = createFileLocator({ folder, maxMediaBytes: 1000, known, isOnlyPass: true });

  for (const [name] of [...files.slice(0, 1000), ['0.png'] as const, ...files.slice(1000)]) await locate(name);

  const names = [...known.keys()].map((key) => key.split('\0')[0]?.split('/').at(-1));
  expect(names).toHaveLength(1000);
  expect(names).toContain('0.png');
  expect(names).not.toContain('1.png');
});

test('a file that changed is looked at again', async () => {
  const known: KnownFiles = new Map();
  const folder = makeFolder({ 'a.png': pngBytes() });
  const locate = createFileLocator({ folder, maxMediaBytes: 1000, known });
  const before = await locate('a.png');
  writeFileSync(`${folder}/a.png`, pngBytes({ width: 2 }));

  const after = await locate('a.png');

  expect(after).not.toEqual(before);
  expect(after).toMatchObject({ byteLength: readFileSync(`${folder}/a.png`).length });
});

test.each([
  ['a NUL character', 'a\0.png', { message: 'contains a NUL character' }],
  ['another machine', '\\\\server\\share\\a.png', { message: 'is an absolute path' }],
  ['a drive of Windows', 'C:\\a.png', { message: 'is an absolute path' }],
  ['a drive of Windows and slashes', 'c:/a.png', { message: 'is an absolute path' }],
  ['a device of Windows', '\\\\.\\C:\\a.png', { message: 'is an absolute path' }],
  ['a root', '/etc/hosts', { message: 'is an absolute path' }],
  ['dots at its beginning', '../a.png', { message: "is outside the manifest's folder" }],
  ['dots in its middle', 'sub/../../a.png', { message: "is outside the manifest's folder" }],
  ['itself', '.', { message: "is outside the manifest's folder" }],
  ['a name that is too long', `${'x'.repeat(300)}.png`, { message: 'cannot be read (ENAMETOOLONG)' }],
  ['a file as a folder', 'a.png/b.png', { message: 'does not exist' }],
  ['a name that begins with two dots', '..a.png', { message: 'does not exist', hint: 'did you mean "a.png"?' }],
])('rejects a path with %s', async (_, uri, fault) => {
  const folder = makeFolder({ 'a.png': pngBytes() });

  const found = await createFileLocator({ folder, maxMediaBytes: 1000, known: new Map() })(uri);

  expect(found).toMatchObject(fault);
});

/** A media root beside a folder with a secret, and paths from one into the other. */
function rootBesideSecret() {
  const folder = makeFolder({ 'root/a.png': pngBytes(), 'secret/b.png': pngBytes({ seed: 1 }) });
  symlinkSync(`${folder}/secret`, `${folder}/root/linked`);
  symlinkSync(`${folder}/secret/b.png`, `${folder}/root/b.png`);
  symlinkSync('../root/b.png', `${folder}/root/c.png`);
  symlinkSync('loop.png', `${folder}/root/loop.png`);
  symlinkSync('a.png', `${folder}/root/inside.png`);
  return folder;
}

test.each([
  ['a link to a file', 'b.png', { message: 'is a link to a file outside the media folder' }],
  ['a link to a link', 'c.png', { message: 'is a link to a file outside the media folder' }],
  ['a file below a link', 'linked/b.png', { message: 'is a link to a file outside the media folder' }],
  ['a link to itself', 'loop.png', { message: 'cannot be read (ELOOP)' }],
  ['dots behind a link', 'linked/../secret/b.png', { message: 'does not exist' }],
  ['dots', '../secret/b.png', { message: 'is outside mediaRoot' }],
])('nothing leaves mediaRoot by %s', async (_, uri, fault) => {
  const mediaRoot = `${rootBesideSecret()}/root`;
  const locate = createFileLocator({ folder: mediaRoot, mediaRoot, maxMediaBytes: 1000, known: new Map() });

  expect(await locate(uri)).toMatchObject(fault);
  expect(await locate(`${mediaRoot}/${uri}`)).toMatchObject(fault);
  expect(await locate('inside.png')).toMatchObject({ path: realpathSync(`${mediaRoot}/a.png`) });
});

test('looks for near names only so often: every look lists a folder', async () => {
  const folder = makeFolder({ 'a1.png': pngBytes(), 'm.csv': `prompt,image\n${'?,a0.png\n'.repeat(30)}` });
  const hints: (string | undefined)[] = [];

  for await (const sample of readManifest({ path: `${folder}/m.csv`, displayPath: 'm.csv' }, ({ hint }) =>
    hints.push(hint),
  ))
    throw new Error(`not expected: ${sample.id}`);

  expect(hints.filter((hint) => hint === 'did you mean "a1.png"?')).toHaveLength(20);
  expect(hints).toHaveLength(30);
});

test('a path longer than a system takes is a fault before it is looked up', async () => {
  const locate = createFileLocator({ folder: makeFolder({}), maxMediaBytes: 1000, known: new Map() });

  expect(await locate('a/'.repeat(3000))).toEqual({ message: 'is longer than 4096 characters' });
});
