import { expect, test } from 'vitest';
import { normalizeMediaType, sniffMediaType } from '../../src/dataset/sniff.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

test.each([
  ['PNG', pngBytes(), 'image/png'],
  ['JPEG', latin1('\xff\xd8\xff\xe0\x00\x10JFIF'), 'image/jpeg'],
  ['GIF 87', latin1('GIF87a...'), 'image/gif'],
  ['GIF 89', latin1('GIF89a...'), 'image/gif'],
  ['WebP', latin1('RIFF\x10\x00\x00\x00WEBPVP8 '), 'image/webp'],
  ['WAV', wavBytes(), 'audio/wav'],
  ['MP3 with ID3', latin1('ID3\x04\x00'), 'audio/mpeg'],
  ['MP3 frames (MPEG-1 layer III)', latin1('\xff\xfb\x90\x64'), 'audio/mpeg'],
  ['MP3 frames (MPEG-2 layer III)', latin1('\xff\xf3\x40\xc4'), 'audio/mpeg'],
  ['MPEG layer II', latin1('\xff\xfd\x90\x64'), 'audio/mpeg'],
  ['AAC in ADTS', latin1('\xff\xf1\x50\x80'), 'audio/aac'],
  ['AAC in ADIF', latin1('ADIF....'), 'audio/aac'],
  ['FLAC', latin1('fLaC\x00'), 'audio/flac'],
  ['Ogg', latin1('OggS\x00'), 'audio/ogg'],
  ['M4A', latin1('\x00\x00\x00\x20ftypM4A '), 'audio/mp4'],
  ['MP4', latin1('\x00\x00\x00\x20ftypisom'), 'audio/mp4'],
  ['WebM', latin1('\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm'), 'audio/webm'],
  ['AIFF', latin1('FORM\x00\x00\x00\x00AIFF'), 'audio/aiff'],
  ['AIFF-C', latin1('FORM\x00\x00\x00\x00AIFC'), 'audio/aiff'],
  ['HEIC', latin1('\x00\x00\x00\x20ftypheic'), 'image/heic'],
  ['HEIC behind a general brand', latin1('\x00\x00\x00\x18ftypmif1\0\0\0\0mif1heic'), 'image/heic'],
  ['HEIF in another codec', latin1('\x00\x00\x00\x18ftypmif1\0\0\0\0mif1miaf'), 'image/heif'],
  ['AVIF behind a general brand', latin1('\x00\x00\x00\x18ftypmif1\0\0\0\0mif1avif'), 'image/avif'],
  ['HEIC whose brands are behind the box', latin1('\x00\x00\x00\x14ftypmif1\0\0\0\0mif1heic'), 'image/heif'],
  ['AVIF', latin1('\x00\x00\x00\x20ftypavif'), 'image/avif'],
  ['TIFF of Intel', latin1('II*\0\x08\0\0\0'), 'image/tiff'],
  ['TIFF of Motorola', latin1('MM\0*\0\0\0\x08'), 'image/tiff'],
  ['Matroska that is not WebM', latin1('\x1a\x45\xdf\xa3\x42\x82\x88matroska'), undefined],
  ['another RIFF', latin1('RIFF\x10\x00\x00\x00AVI LIST'), undefined],
  ['UTF-16 text', latin1('\xff\xfea\x00'), undefined],
  ['frames of a reserved version', latin1('\xff\xeb\x90\x64'), undefined],
  ['frames with a bad bit rate', latin1('\xff\xfb\xf0\x64'), undefined],
  ['frames with a bad sampling rate', latin1('\xff\xfb\x9c\x64'), undefined],
  ['a frame that is cut off', latin1('\xff\xfb'), undefined],
  ['layer 0 without a full sync word', latin1('\xff\xe1\x50\x80'), undefined],
  ['text', latin1('hello'), undefined],
  ['a private key', latin1('-----BEGIN PRIVATE KEY-----'), undefined],
  ['nothing', new Uint8Array(0), undefined],
])('recognises %s', (_, bytes, mediaType) => {
  expect(sniffMediaType(bytes)).toBe(mediaType);
});

test('looks at a view of a larger buffer from where it begins', () => {
  const large = Buffer.concat([Buffer.from('xx'), pngBytes()]);

  expect(sniffMediaType(new Uint8Array(large.buffer, large.byteOffset + 2, 20))).toBe('image/png');
});

test.each([
  ['image/jpg', 'image/jpeg'],
  [' Audio/X-WAV ', 'audio/wav'],
  ['audio/mp3', 'audio/mpeg'],
  ['video/mp4', 'audio/mp4'],
  ['image/png', 'image/png'],
  ['text/plain', 'text/plain'],
])('calls %s %s', (declared, name) => {
  expect(normalizeMediaType(declared)).toBe(name);
});
