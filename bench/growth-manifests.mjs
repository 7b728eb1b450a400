// Manifests of every format for bench/growth.mjs, each of a given length.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from '../dist/dataset/read-manifest.js';
import { fill, numbered } from './growth-inputs.mjs';

/** A manifest: written before the time is taken, then read as `validate` reads it. */
const manifest = (extension, text) => ({
  make: (length, directory) => {
    const path = join(directory, `manifest.${extension}`);
    writeFileSync(path, text(length));
    return path;
  },
  run: async (path) => {
    let samples = 0;
    let problems = 0;
    const report = () => {
      problems += 1;
    };
    for await (const _ of readManifest({ path, displayPath: 'manifest' }, report)) samples += 1;
    return samples + problems;
  },
});

export const MANIFESTS = {
  'CSV: rows': manifest('csv', (n) => `prompt,meta.a\n${numbered(n, (i) => `question ${i},${i}\n`)}`),
  'CSV: one quoted cell': manifest('csv', (n) => `prompt\n"${fill(n, 'a ""b"" ')}"\n`),
  'CSV: lines in one quoted cell': manifest('csv', (n) => `prompt\n"${fill(n, 'a\n')}"\n`),
  'CSV: open quote, empty lines': manifest('csv', (n) => `prompt\n"${fill(n, '\n')}`),
  'CSV: open quote, then lines with two': manifest('csv', (n) => `prompt\n"${fill(n, 'a "" b\n')}`),
  'CSV: a quote a line': manifest('csv', (n) => `prompt\n${fill(n, 'a"b\n')}`),
  'CSV: three quotes a line': manifest('csv', (n) => `prompt\n${fill(n, '"a"b"\n')}`),
  'CSV: empty lines': manifest('csv', (n) => `prompt\n${fill(n, '\n')}`),
  'CSV: CR alone': manifest('csv', (n) => `prompt\n${fill(n, 'a\r')}`),
  'CSV: columns': manifest('csv', (n) => `prompt,${numbered(n, (i) => `k${i}`, ',')}\nhi`),
  'CSV: empty columns': manifest('csv', (n) => `prompt${fill(n, ',')}\nhi`),
  'CSV: misspelt columns': manifest('csv', (n) => `prompt,${numbered(n, (i) => `promt${i % 10}`, ',')}\nhi`),
  'CSV: one long column name': manifest('csv', (n) => `${fill(n, 'prompt')}\nhi`),
  'CSV: repeated columns': manifest('csv', (n) => `prompt,${fill(n, 'prompt,')}\nhi`),
  'CSV: cells of a row': manifest('csv', (n) => `prompt\n${fill(n, 'a,')}\n`),
  'CSV: rows of many columns': manifest('csv', (n) => {
    const columns = Math.ceil(Math.sqrt(n));
    const head = numbered(columns * 4, (i) => `k${i}`, ',');
    return `prompt,${head}\n${fill(n, `hi${fill(head.split(',').length, ',1')}\n`)}`;
  }),
  'CSV: tags': manifest('csv', (n) => `prompt,tags\nhi,${numbered(n, (i) => `t${i}`, '|')}\n`),
  'CSV: backslashes in tags': manifest('csv', (n) => `prompt,tags\nhi,${fill(n, '\\')}\n`),
  'CSV: blanks in scorer': manifest('csv', (n) => `prompt,scorer\nhi,x${fill(n, ' ')}x\n`),
  'CSV: brackets in messages': manifest('csv', (n) => `messages\n${fill(n, '[')}\n`),
  'CSV: no line end': manifest('csv', (n) => fill(n, 'prompt ')),
  'CSV: duplicate ids': manifest('csv', (n) => `id,prompt\n${fill(n, 'a,b\n')}`),
  'TSV: rows': manifest('tsv', (n) => `prompt\tmeta.a\n${numbered(n, (i) => `question ${i}\t${i}\n`)}`),
  'TSV: columns': manifest('tsv', (n) => `prompt\t${numbered(n, (i) => `k${i}`, '\t')}\nhi`),
  'JSONL: rows': manifest('jsonl', (n) => numbered(n, (i) => `{"prompt":"question ${i}"}\n`)),
  'JSONL: one long prompt': manifest('jsonl', (n) => `{"prompt":"${fill(n, 'a b')}"}\n`),
  'JSONL: members': manifest('jsonl', (n) => `{"prompt":"hi",${numbered(n, (i) => `"k${i}":1`, ',')}}\n`),
  'JSONL: misspelt members': manifest(
    'jsonl',
    (n) => `{"prompt":"hi",${numbered(n, (i) => `"promt${' '.repeat(i % 7)}${i}":1`, ',')}}\n`,
  ),
  'JSONL: one long member name': manifest('jsonl', (n) => `{"prompt":"hi","${fill(n, 'prompt')}":1}\n`),
  'JSONL: long member names': manifest(
    'jsonl',
    (n) => `{"prompt":"hi",${numbered(n, (i) => `"${'prompt'.repeat(200)}${i}":1`, ',')}}\n`,
  ),
  'JSONL: members of params': manifest(
    'jsonl',
    (n) => `{"prompt":"hi","params":{${numbered(n, (i) => `"k${i}":1`, ',')}}}\n`,
  ),
  'JSONL: targets in numbered columns': manifest(
    'jsonl',
    (n) => `{"prompt":"hi",${numbered(n, (i) => `"target_${i % 10000}":"a"`, ',')}}\n`,
  ),
  'JSONL: meta': manifest('jsonl', (n) => `{"prompt":"hi","meta":{${numbered(n, (i) => `"k${i}":1`, ',')}}}\n`),
  'JSONL: tags': manifest('jsonl', (n) => `{"prompt":"hi","tags":[${numbered(n, (i) => `"${i}"`, ',')}]}\n`),
  'JSONL: messages': manifest(
    'jsonl',
    (n) => `{"messages":[${fill(n, '{"role":"user","content":"a"},')}{"role":"user","content":"a"}]}\n`,
  ),
  'JSONL: unknown roles': manifest('jsonl', (n) => `{"messages":[${fill(n, '{"role":"usr","content":"a"},')}1]}\n`),
  'JSONL: one long role': manifest('jsonl', (n) => `{"messages":[{"role":"${fill(n, 'user')}","content":"a"}]}\n`),
  'JSONL: parts': manifest(
    'jsonl',
    (n) => `{"messages":[{"role":"user","content":[${fill(n, '{"type":"text","text":"a"},')}1]}]}\n`,
  ),
  'JSONL: turns': manifest('jsonl', (n) => `{"turns":[${fill(n, '{"user":"a"},')}{"user":"a"}]}\n`),
  'JSONL: missing images': manifest('jsonl', (n) => `{"prompt":"hi","image":[${fill(n, '"a.png",')}"a.png"]}\n`),
  'JSONL: one long path': manifest('jsonl', (n) => `{"prompt":"hi","image":"${fill(n, 'a/')}b.png"}\n`),
  'JSONL: one long URL': manifest('jsonl', (n) => `{"prompt":"hi","image":"https://${fill(n, 'a//')}"}\n`),
  'JSONL: one long data URL': manifest('jsonl', (n) => `{"prompt":"hi","image":"data:${fill(n, ';a')}"}\n`),
  'JSONL: opening brackets': manifest('jsonl', (n) => fill(n, '[')),
  'JSONL: nested lists': manifest('jsonl', (n) => `{"prompt":${fill(n / 2, '[')}${fill(n / 2, ']')}}`),
  'JSONL: nested objects': manifest('jsonl', (n) => `{"meta":${fill(n, '{"a":')}1`),
  'JSONL: open text': manifest('jsonl', (n) => `{"prompt":"${fill(n, '\\"')}`),
  'JSONL: digits': manifest('jsonl', (n) => `{"prompt":${fill(n, '1')}x}`),
  'JSONL: blanks': manifest('jsonl', (n) => `{"prompt":${fill(n, ' ')}x}`),
  'JSONL: bad lines': manifest('jsonl', (n) => fill(n, '{"prompt":}\n')),
  'YAML manifest: samples': manifest('yaml', (n) => numbered(n, (i) => `- prompt: question ${i}\n`)),
  'YAML manifest: members': manifest('yaml', (n) => `- prompt: hi\n${numbered(n, (i) => `  k${i}: 1\n`)}`),
  'YAML manifest: members in braces': manifest(
    'yaml',
    (n) => `- {prompt: hi, ${numbered(n, (i) => `k${i}: 1`, ', ')}}`,
  ),
  'YAML manifest: opening brackets': manifest('yaml', (n) => fill(n, '[')),
  'YAML manifest: indicators': manifest('yaml', (n) => fill(n, '- ')),
  'YAML manifest: indented': manifest('yaml', (n) =>
    Array.from({ length: Math.floor(Math.sqrt(2 * n)) }, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
  ),
  'YAML manifest: aliases': manifest('yaml', (n) => `- &a {prompt: hi}\n${fill(n, '- *a\n')}`),
  'YAML manifest: anchors': manifest('yaml', (n) => numbered(n, (i) => `- &a${i} {prompt: hi}\n`)),
  'YAML manifest: one long text': manifest('yaml', (n) => `- prompt: |\n${fill(n, '    a b c\n')}`),
  'YAML manifest: folded text': manifest('yaml', (n) => `- prompt: >\n${fill(n, '    a b c\n\n')}`),
  'YAML manifest: plain text over lines': manifest('yaml', (n) => `- prompt: a\n${fill(n, '    b c\n')}`),
  'YAML manifest: blanks in plain text': manifest('yaml', (n) => `- prompt: a${fill(n, ' ')}b\n    c\n`),
  'YAML manifest: double quotes over lines': manifest('yaml', (n) => `- prompt: "a\n${fill(n, '    b c\n')}"`),
  'YAML manifest: blanks in double quotes': manifest('yaml', (n) => `- prompt: "a${fill(n, ' ')}\n  b"\n`),
  'YAML manifest: open quote': manifest('yaml', (n) => `- prompt: "${fill(n, 'a\n')}`),
  'YAML manifest: comments': manifest('yaml', (n) => `${fill(n, '# a\n')}- prompt: hi\n`),
  'YAML manifest: comments after': manifest('yaml', (n) => `- prompt: hi\n${fill(n, '  # a\n')}`),
  'YAML manifest: empty lines': manifest('yaml', (n) => `- prompt: hi\n${fill(n, '\n')}`),
  'YAML manifest: documents': manifest('yaml', (n) => fill(n, '---\n')),
  'YAML manifest: merge keys': manifest('yaml', (n) => `- {prompt: hi, ${fill(n, '<<: {a: 1}, ')}}`),
  'YAML manifest: tags': manifest('yaml', (n) => `- ${fill(n, '!!str ')}a`),
  'YAML manifest: question marks': manifest('yaml', (n) => fill(n, '? ')),
  'YAML manifest: tabs': manifest('yaml', (n) => `- prompt: hi\n${fill(n, '\t')}`),
  'YAML manifest: errors': manifest('yaml', (n) => fill(n, '- a: b: c\n')),
  'YAML manifest: pairs of anchors and aliases': manifest('yaml', (n) =>
    numbered(n, (i) => `- &a${i} {prompt: hi}\n- *a${i}\n`),
  ),
};
