// Configurations, .env, journals and media files for bench/growth.mjs, each of a given length.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../dist/config/environment.js';
import { loadConfig } from '../dist/config/load-config.js';
import { encodeLine } from '../dist/journal/journal-line.js';
import { scanJournal } from '../dist/journal/journal-scan.js';
import { mediaFacts } from '../dist/tokens/read-media-facts.js';
import { fill, numbered } from './growth-inputs.mjs';

const folder = dirname(fileURLToPath(import.meta.url));

/** A rejected file is as good as one that is read; anything else is a fault of ours. */
const onlyInput = (error) => {
  if (error.name !== 'InputError') throw error;
};

const MODEL = 'dataset: m.csv\nmodels: [{id: a, provider: openai, model: a, endpoint: "http://127.0.0.1:1/v1"}]\n';

/** A configuration: loaded as every command loads it. */
const config = (extension, text) => ({
  make: (length, directory) => {
    const path = join(directory, `c.${extension}`);
    writeFileSync(join(directory, 'm.csv'), 'prompt\nhi\n');
    writeFileSync(path, text(length));
    return path;
  },
  run: async (path) => loadConfig(path, { cwd: folder, env: {} }).catch(onlyInput),
});

const environment = (text) => ({
  make: (length, directory) => {
    writeFileSync(join(directory, '.env'), text(length));
    return directory;
  },
  run: (directory) => readEnvironment(directory, '', {}).catch(onlyInput),
});

const media = (type, bytes) => ({
  make: (length) => bytes(length),
  run: (whole) => mediaFacts({ bytes: whole }, type),
});

const journal = (text) => ({
  make: (length, directory) => {
    const path = join(directory, 'run');
    mkdirSync(path, { recursive: true });
    const data = { format: 'earsight-journal', version: 1, runId: 'r', runIdentity: {} };
    writeFileSync(join(path, 'journal.jsonl'), encodeLine(0, { type: 'header', data }) + text(length));
    return path;
  },
  run: (path) => scanJournal(path, () => undefined).catch(onlyInput),
});

const note = (seq, text = '') => encodeLine(seq, { type: 'limit', data: text });

/** RIFF and IFF chunks: a name and a length. */
function chunk(name, length, little) {
  const head = Buffer.alloc(8 + length);
  head.write(name, 'latin1');
  if (little) head.writeUInt32LE(length, 4);
  else head.writeUInt32BE(length, 4);
  return head;
}

const joined = (start, length, piece) => {
  const pieces = Array(Math.ceil(length / piece.length)).fill(piece);
  return Buffer.concat([Buffer.from(start, 'latin1'), ...pieces]);
};

const box = (name, length = 0) => {
  const bytes = Buffer.alloc(8 + length);
  bytes.writeUInt32BE(8 + length, 0);
  bytes.write(name, 4, 'latin1');
  return bytes;
};

const ID3_FRAMES = (length) => {
  const size = Math.min(length, 2 ** 27);
  const head = Buffer.from('ID3\x03\0\0\0\0\0\0', 'latin1');
  for (let at = 0; at < 4; at += 1) head[6 + at] = (size >> (7 * (3 - at))) & 0x7f;
  return Buffer.concat([head, joined('', length, Buffer.from('TXXX\0\0\0\x04\0\0\0a\0b', 'latin1'))]);
};

export const FILES = {
  'configuration: members': config('yaml', (n) => MODEL + numbered(n, (i) => `k${i}: 1\n`)),
  'configuration: members in braces': config('yaml', (n) => `{${numbered(n, (i) => `k${i}: 1`, ', ')}}`),
  'configuration: the same member': config('yaml', (n) => MODEL + fill(n, 'name: a\n')),
  'configuration: models': config(
    'yaml',
    (n) => `dataset: m.csv\nmodels:\n${numbered(n, (i) => `  - {id: m${i}, provider: openai, model: a}\n`)}`,
  ),
  'configuration: unknown members of models': config(
    'yaml',
    (n) => `dataset: m.csv\nmodels:\n${numbered(n, (i) => `  - {id: m${i}, provider: opnai, modl: a}\n`)}`,
  ),
  'configuration: models and variants': config(
    'yaml',
    (n) =>
      `dataset: m.csv\nmodels:\n${numbered(n / 2, (i) => `  - {id: m${i}, provider: openai, model: a, endpoint: "http://127.0.0.1:1/v1", auth: {type: none}}\n`)}` +
      `variants:\n${numbered(n / 2, (i) => `  - {id: v${i}}\n`)}`,
  ),
  'configuration: scorers': config('yaml', (n) => `${MODEL}scorers: [${numbered(n, (i) => `s${i}`, ', ')}]\n`),
  'configuration: the same scorer': config('yaml', (n) => `${MODEL}scorers: [${fill(n, 'exact, ')}]\n`),
  'configuration: unknown options of a scorer': config(
    'yaml',
    (n) => `${MODEL}scorers: [{name: exact, ${numbered(n, (i) => `k${i}: 1`, ', ')}}]\n`,
  ),
  'configuration: reporters': config('yaml', (n) => `${MODEL}reporters: [${fill(n, 'cvs, ')}]\n`),
  'configuration: headers': config(
    'yaml',
    (n) =>
      `dataset: m.csv\nmodels: [{id: a, provider: openai, model: a, headers: {${numbered(n, (i) => `x-${i}: a`, ', ')}}}]\n`,
  ),
  'configuration: extraBody': config(
    'yaml',
    (n) =>
      `dataset: m.csv\nmodels: [{id: a, provider: openai, model: a, extraBody: {${numbered(n, (i) => `k${i}: a`, ', ')}}}]\n`,
  ),
  'configuration: missing variables': config(
    'yaml',
    (n) =>
      `dataset: m.csv\nmodels: [{id: a, provider: openai, model: a, headers: {${numbered(n, (i) => `x-${i}: "\${NOT_SET_${i}}"`, ', ')}}}]\n`,
  ),
  'configuration: missing variables in one text': config(
    'yaml',
    (n) => `${MODEL}system: "${numbered(n, (i) => `\${NOT_SET_${i}}`, ' ')}"\n`,
  ),
  'configuration: literal keys': config(
    'yaml',
    (n) =>
      `dataset: m.csv\nmodels: [{id: a, provider: openai, model: a, extraBody: {${numbered(n, (i) => `k${i}: sk-aaaaaaaaaaaaaaaaaaaa`, ', ')}}}]\n`,
  ),
  'configuration: opening references': config('yaml', (n) => `${MODEL}system: "${fill(n, '${')}"\n`),
  'configuration: blanks in a template': config(
    'yaml',
    (n) => `${MODEL.replace('id: a', `id: a, template: "{{${fill(n, ' ')}"`)}`,
  ),
  'configuration: braces in a template': config(
    'yaml',
    (n) => `${MODEL.replace('id: a', `id: a, template: "${fill(n, '{{a')}"`)}`,
  ),
  'configuration: one long model name': config('yaml', (n) =>
    MODEL.replace('model: a', `model: "${fill(n, 'claude')}"`),
  ),
  'configuration: brackets in a model name': config('yaml', (n) =>
    MODEL.replace('model: a', `model: "${fill(n, '(')}"`),
  ),
  'configuration: a long token rule': config('yaml', (n) =>
    MODEL.replace('id: a', `id: a, tokens: {image: "flat ${fill(n, 'a')}"}`),
  ),
  'configuration: blanks in a token rule': config('yaml', (n) =>
    MODEL.replace('id: a', `id: a, tokens: {image: "flat ${fill(n, 'a ')}"}`),
  ),
  'configuration: one long provider': config('yaml', (n) => MODEL.replace('openai', fill(n, 'openai'))),
  'configuration: one long scorer': config('yaml', (n) => `${MODEL}scorers: [${fill(n, 'exact')}]\n`),
  'configuration: one long endpoint': config('yaml', (n) => MODEL.replace('127.0.0.1:1', fill(n, 'a/'))),
  'configuration: question marks in an endpoint': config('yaml', (n) =>
    MODEL.replace('127.0.0.1:1', `a?${fill(n, 'key-')}`),
  ),
  'configuration: one long id': config('yaml', (n) => MODEL.replace('id: a', `id: ${fill(n, 'a')}`)),
  'configuration: one long path': config('yaml', (n) => MODEL.replace('m.csv', fill(n, 'a'))),
  'configuration: opening brackets': config('yaml', (n) => fill(n, '[')),
  'configuration: indicators': config('yaml', (n) => fill(n, '- ')),
  'configuration: aliases': config('yaml', (n) => `a: &a 1\nb: [${fill(n, '*a, ')}]\n`),
  'configuration: aliases without anchor': config('yaml', (n) => `b: [${fill(n, '*a, ')}]\n`),
  'configuration: anchors': config('yaml', (n) => `b: [${numbered(n, (i) => `&a${i} 1`, ', ')}]\n`),
  'configuration: pairs of anchors and aliases': config(
    'yaml',
    (n) => `b: [${numbered(n, (i) => `&a${i} 1, *a${i}`, ', ')}]\n`,
  ),
  'configuration: merge keys': config('yaml', (n) => `a: &a {b: 1}\n${fill(n, '<<: *a\n')}`),
  'configuration: documents': config('yaml', (n) => fill(n, '---\n')),
  'configuration: comments': config('yaml', (n) => MODEL + fill(n, '# a\n')),
  'configuration: errors': config('yaml', (n) => fill(n, 'a: b: c\n')),
  'configuration, JSON: members': config('json', (n) => `{${numbered(n, (i) => `"k${i}":1`, ',')}}`),
  'configuration, JSON: opening brackets': config('json', (n) => fill(n, '[')),
  'configuration, JSON: nested lists': config('json', (n) => fill(n / 2, '[') + fill(n / 2, ']')),
  'configuration, JSON: nested objects': config('json', (n) => fill(n, '{"a":')),
  'configuration, JSON: open text': config('json', (n) => `{"a":"${fill(n, 'a')}`),
  'configuration, JSON: the same member': config('json', (n) => `{${fill(n, '"a":1,')}"a":1}`),
  '.env: variables': environment((n) => numbered(n, (i) => `V${i}=a\n`)),
  '.env: the same variable': environment((n) => fill(n, 'V=a\n')),
  '.env: one long value': environment((n) => `V="${fill(n, 'a\n')}"`),
  '.env: open quotes': environment((n) => fill(n, 'V="a\n')),
  '.env: three kinds of quotes': environment((n) => fill(n, 'A="\nB=\'\nC=`\n')),
  '.env: empty lines': environment((n) => fill(n, '\n')),
  '.env: comments': environment((n) => fill(n, '#\n')),
  '.env: no line end': environment((n) => fill(n, 'a=')),
  'journal: lines': journal((n) => numbered(n, (i) => note(i + 1))),
  'journal: one long line': journal((n) => note(1, fill(n, 'a'))),
  'journal: damaged lines': journal((n) => `${fill(n, 'x\n')}${note(1)}`),
  'journal: damaged lines at the end': journal((n) => fill(n, 'x\n')),
  'journal: one long damaged line': journal((n) => `${fill(n, 'x')}\n${note(1)}`),
  'journal: digits of a number': journal((n) => `{"crc":"00000000","seq":${fill(n, '1')}\n${note(1)}`),
  'WAV: chunks': media('audio/wav', (n) => joined('RIFF\0\0\0\0WAVE', n, chunk('LIST', 0, true))),
  'AIFF: chunks': media('audio/aiff', (n) => joined('FORM\0\0\0\0AIFF', n, chunk('ANNO', 0, false))),
  'MP3: noise': media('audio/mpeg', (n) => joined('ID3\x03\0\0\0\0\0\0', n, Buffer.from('ff00ff01', 'hex'))),
  'MP3: frames': media('audio/mpeg', (n) =>
    joined('', n, Buffer.concat([Buffer.from('fffb1064', 'hex'), Buffer.alloc(100)])),
  ),
  'MP3: ID3 frames': media('audio/mpeg', ID3_FRAMES),
  'MP3: ID3 tags': media('audio/mpeg', (n) => joined('', n, Buffer.from('ID3\x03\0\0\0\0\0\0', 'latin1'))),
  'MP3: sync words': media('audio/mpeg', (n) => joined('', n, Buffer.from('fffb', 'hex'))),
  'AAC: frames': media('audio/aac', (n) => joined('', n, Buffer.from('fff15080010ffc', 'hex'))),
  'FLAC: blocks': media('audio/flac', (n) => joined('fLaC', n, Buffer.from('04000000', 'hex'))),
  'FLAC: padding': media('audio/flac', (n) => joined('fLaC', n, Buffer.from('01000000', 'hex'))),
  'Ogg: pages': media('audio/ogg', (n) =>
    joined('', n, Buffer.concat([Buffer.from('OggS\0\0', 'latin1'), Buffer.alloc(20), Buffer.from([1, 0])])),
  ),
  'MP4: boxes': media('audio/mp4', (n) => Buffer.concat([box('ftyp', 8), joined('', n, box('free'))])),
  'MP4: boxes in moov': media('audio/mp4', (n) => {
    const inner = joined('', n, box('trak'));
    const moov = box('moov', inner.length);
    inner.copy(moov, 8);
    return Buffer.concat([box('ftyp', 8), moov]);
  }),
  'WebM: elements': media('audio/webm', (n) =>
    joined('', n, Buffer.concat([Buffer.from('1a45dfa380', 'hex'), Buffer.from('ec80', 'hex'), Buffer.from('webm')])),
  ),
  'WebM: void elements': media('audio/webm', (n) =>
    Buffer.concat([
      Buffer.from('1a45dfa3874282847765626d18538067ff', 'hex'),
      joined('', n, Buffer.from('ec80', 'hex')),
    ]),
  ),
  'PNG: no end': media('image/png', (n) => {
    const bytes = joined('', n, Buffer.from('IENIENI', 'latin1'));
    return Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452000000100000001008020000', 'hex'), bytes]);
  }),
  'JPEG: segments': media('image/jpeg', (n) => joined('\xff\xd8', n, Buffer.from('ffe00002', 'hex'))),
  'JPEG: no end': media('image/jpeg', (n) =>
    joined('\xff\xd8\xff\xe0\0\x02\xff\xc0\0\x11\x08\0\x10\0\x10\x03', n, Buffer.from('ffda0002ffff', 'hex')),
  ),
  'GIF: blocks': media('image/gif', (n) => joined('GIF89a\x10\0\x10\0\0\0\0', n, Buffer.from('21f90100', 'hex'))),
  'WebP: drawings': media('image/webp', (n) => joined('RIFF\0\0\0\0WEBPxxxx', n, Buffer.from('<svg ', 'latin1'))),
  'WebP: boxes': media('image/webp', (n) => joined('RIFF\0\0\0\0WEBPVP8X', n, chunk('JUNK', 0, true))),
};
