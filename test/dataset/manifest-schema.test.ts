import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import type { ColumnMap } from '../../src/dataset/column-map.ts';
import { manifestJsonSchema } from '../../src/dataset/manifest-schema.ts';
import { readFolder } from './folder.ts';

const validatorOf = (map: ColumnMap = {}) => new Ajv({ strict: false }).compile(manifestJsonSchema(map));
const validate = validatorOf();

/** Whether the reader takes these rows, as a file of JSON. */
async function isRead(rows: readonly unknown[], map?: ColumnMap): Promise<boolean> {
  const source = map === undefined ? {} : { map };
  return (await readFolder({ 'm.json': JSON.stringify(rows) }, 'm.json', source)).problems.length === 0;
}

describe('a head row of defaults', () => {
  const head = { defaults: { system: 'Be brief.', meta: { lang: 'en' }, 'meta.x': 1, tags: ['a'] } };

  test('is taken as a line of its own, and as the first row of a list', async () => {
    expect([validate(head), validate([head, { prompt: 'hi' }])]).toEqual([true, true]);
    expect(await isRead([head, { prompt: 'hi' }])).toBe(true);
  });

  test.each([
    ['after the first row', [{ prompt: 'hi' }, head]],
    ['with an id', [{ defaults: { id: 'a' } }, { prompt: 'hi' }]],
    ['that is no object', [{ defaults: 'brief' }, { prompt: 'hi' }]],
    ['with a column of another tool', [{ defaults: { image_path: 'a.png' } }, { prompt: 'hi' }]],
  ])('%s is rejected, as the reader does', async (_, rows) => {
    expect([validate(rows), await isRead(rows)]).toEqual([false, false]);
  });

  test('is metadata beside other members', async () => {
    const rows = [{ prompt: 'hi', defaults: 'x' }];

    expect([validate(rows), await isRead(rows)]).toEqual([true, true]);
  });
});

describe('columns under other names', () => {
  test.each<[string, ColumnMap, unknown]>([
    [
      'a name like a misspelt media column',
      { audio: 'audio_url', prompt: 'question' },
      { question: 'hi', audio_url: null },
    ],
    ['a name that looks like another id', { id: 'ID' }, { ID: 'a', prompt: 'hi' }],
    ['a prompt that is metadata now', { 'meta.old': 'prompt', prompt: 'q' }, { q: 'hi', prompt: 7 }],
    ['a target whose own name is given away', { target: 'label' }, { prompt: 'hi', label: ['x'], target: { free: 1 } }],
    ['several targets', { target: ['one', 'two'] }, { prompt: 'hi', one: 'a', two: 'b' }],
  ])('are taken: %s', async (_, map, row) => {
    expect([validatorOf(map)([row]), await isRead([row], map)]).toEqual([true, true]);
  });

  test.each<[string, ColumnMap, unknown]>([
    ['a value of the wrong type', { prompt: 'question' }, { question: 3 }],
    ['two questions', { prompt: 'question' }, { question: 'hi', turns: [{ user: 'hi' }] }],
    ['a column of another tool that is not mapped', { prompt: 'question' }, { question: 'hi', image_path: 'a.png' }],
  ])('are rejected as the reader does: %s', async (_, map, row) => {
    expect([validatorOf(map)([row]), await isRead([row], map)]).toEqual([false, false]);
  });
});
