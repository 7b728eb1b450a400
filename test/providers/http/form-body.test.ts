import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FormPart, formBody } from '../../../src/providers/http/form-body.ts';

const bytesOf = (parts: readonly FormPart[]) => {
  const { content } = formBody(parts);
  return typeof content === 'string' ? Buffer.from(content) : Buffer.concat(content);
};

/** Reads a form as a server does. */
const parsed = (parts: readonly FormPart[]) =>
  new Response(new Uint8Array(bytesOf(parts)), { headers: { 'content-type': formBody(parts).contentType } }).formData();

const FILE = { name: 'file', fileName: 'clip.wav', contentType: 'audio/wav', bytes: Buffer.from([0, 13, 10, 255]) };

test('writes a form byte for byte', () => {
  const parts = [FILE, { name: 'model', value: 'm' }];
  const boundary = formBody(parts).contentType.replace('multipart/form-data; boundary=', '');

  expect(boundary).toMatch(/^earsight-[0-9a-f]{32}$/);
  expect(bytesOf(parts).toString('latin1')).toBe(
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="clip.wav"\r\nContent-Type: audio/wav\r\n\r\n` +
      `\0\r\n\xff\r\n--${boundary}\r\nContent-Disposition: form-data; name="model"\r\n\r\nm\r\n--${boundary}--\r\n`,
  );
});

test('gives equal parts equal bytes, and others another boundary', () => {
  const boundaryOf = (value: string) => formBody([{ name: 'a', value }]).contentType;

  expect(bytesOf([FILE])).toEqual(bytesOf([{ ...FILE }]));
  expect(boundaryOf('x')).not.toBe(boundaryOf('y'));
});

test('does not mistake a part of the name for a part of the value', () => {
  const boundaries = ['ab', 'a'].map((name) => formBody([{ name, value: name === 'a' ? 'bc' : 'c' }]).contentType);

  expect(new Set(boundaries).size).toBe(2);
});

test('is read by a server as it was written, whatever the fields hold', async () => {
  const field = fc.record({
    name: fc.string({ minLength: 1, unit: 'grapheme' }).filter((name) => !/[\r\n"]/.test(name)),
    value: fc.string({ unit: 'grapheme' }),
  });
  await fc.assert(
    fc.asyncProperty(field, fc.uint8Array(), async ({ name, value }, bytes) => {
      const form = await parsed([
        { name, value },
        { ...FILE, bytes: Buffer.from(bytes) },
      ]);

      const file = form.getAll('file').at(-1);
      expect(form.get(name)).toBe(value.replace(/\r\n|\r|\n/g, '\r\n'));
      expect(file instanceof File && new Uint8Array(await file.arrayBuffer())).toEqual(bytes);
    }),
  );
});

test('keeps quotes and line breaks of a name inside of the name', () => {
  const body = bytesOf([{ name: 'a"\r\nX: y', value: '' }]).toString();

  expect(body).toContain('name="a%22%0D%0AX: y"\r\n\r\n');
});
