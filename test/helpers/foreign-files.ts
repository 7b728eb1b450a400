/** Heads of files that people put into manifests and no model takes, with what each is. */

const latin1 = (text: string) => Buffer.from(text, 'latin1');

export interface ForeignFile {
  readonly name: string;
  /** Follows "is ". */
  readonly what: string;
  readonly bytes: Buffer;
}

const LFS =
  'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n';

export const FOREIGN_FILES: readonly ForeignFile[] = [
  { name: 'map.tif', what: 'a TIFF image of more than 4 GiB (BigTIFF)', bytes: latin1('II+\0\x08\0\0\0') },
  { name: 'photo.jxl', what: 'a JPEG XL image', bytes: latin1('\xff\x0a\xfa\x1f') },
  { name: 'photo.jp2', what: 'a JPEG 2000 image', bytes: latin1('\0\0\0\x0cjP  \r\n\x87\n') },
  { name: 'layers.psd', what: 'a Photoshop document', bytes: latin1('8BPS\0\x01') },
  { name: 'site.ico', what: 'a Windows icon', bytes: latin1('\0\0\x01\0\x01\0') },
  { name: 'logo.svg', what: 'an SVG drawing', bytes: latin1('<svg xmlns="http://www.w3.org/2000/svg"/>') },
  {
    name: 'chart.svg',
    what: 'an SVG drawing',
    bytes: Buffer.from(`\ufeff<?xml version="1.0"?>\n<!-- ${'made by a program '.repeat(20)} -->\n<svg width="4">`),
  },

  { name: 'clip.avi', what: 'a video (AVI)', bytes: latin1('RIFF\x10\0\0\0AVI LIST') },
  { name: 'clip.mkv', what: 'a Matroska video', bytes: latin1('\x1a\x45\xdf\xa3\x42\x82\x88matroska') },
  { name: 'timit.wav', what: 'a NIST SPHERE recording', bytes: latin1('NIST_1A\n   1024\n') },
  { name: 'call.amr', what: 'an AMR recording', bytes: latin1('#!AMR\n') },
  { name: 'voice.caf', what: 'a Core Audio recording', bytes: latin1('caff\0\x01') },
  { name: 'voice.wma', what: 'a Windows Media file', bytes: latin1('\x30\x26\xb2\x75\x8e\x66\xcf\x11') },
  { name: 'tune.mid', what: 'a MIDI file: notes, not sound', bytes: latin1('MThd\0\0\0\x06') },
  { name: 'long.wav', what: 'a WAV file of more than 4 GiB (RF64)', bytes: latin1('RF64\xff\xff\xff\xffWAVEds64') },
  { name: 'slides.zip', what: 'a ZIP archive or an Office document', bytes: latin1('PK\x03\x04') },
  { name: 'photo.png.gz', what: 'compressed with gzip', bytes: latin1('\x1f\x8b\x08\0') },
  { name: 'part.parquet', what: 'a Parquet file', bytes: latin1('PAR1\x15\x04') },
  { name: 'lfs.png', what: 'a pointer of Git LFS, not the file itself', bytes: latin1(LFS) },
  {
    name: 'annex.wav',
    what: 'a pointer of git-annex, not the file itself',
    bytes: latin1('/annex/objects/SHA256E-s9--ab.wav\n'),
  },
  { name: 'login.jpg', what: 'a web page (HTML)', bytes: latin1('\r\n<!DOCTYPE html>\n<html lang="en">') },
  {
    name: 'denied.jpg',
    what: 'XML text',
    bytes: latin1('<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code></Error>'),
  },
  { name: 'error.wav', what: 'JSON text', bytes: latin1('{"message": "Not Found"}') },
  { name: 'encoded.png', what: 'base64 text', bytes: latin1('iVBORw0KGgoAAAANSUhEUg==') },
];
