/** Writes Parquet files for tests, with media inside as `datasets` of Hugging Face writes them. */

import type { CompressionCodec } from 'hyparquet';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';

/** The writer has types of its own version of hyparquet. */
type SchemaElement = NonNullable<Parameters<typeof parquetWrite>[0]['schema']>[number];

export interface ParquetSet {
  readonly images: readonly (Uint8Array | null)[];
  readonly questions: readonly string[];
  readonly answers?: readonly string[];
}

/** How the same data lie in the file. */
export interface Layout {
  readonly rowGroupSize?: number;
  readonly pageSize?: number;
  readonly codec?: CompressionCodec;
  readonly compressors?: Record<string, (bytes: Uint8Array) => Uint8Array>;
  readonly offsetIndex?: boolean;
  readonly huggingface?: object;
}

const SCHEMA: readonly SchemaElement[] = [
  { name: 'root', num_children: 3 },
  { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' },
  { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
  { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  { name: 'question', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  { name: 'answer', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
];

export function parquetBytes({ images, questions, answers = [] }: ParquetSet, layout: Layout = {}): Buffer {
  const { rowGroupSize = 1000, pageSize = 2 ** 20, codec = 'UNCOMPRESSED', offsetIndex = true } = layout;
  const writer = new ByteWriter();
  const column = { offsetIndex, encoding: 'PLAIN' as const };
  parquetWrite({
    writer,
    schema: [...SCHEMA],
    columnData: [
      { name: 'image', data: images.map((bytes, row) => bytes && { bytes, path: `${row}.png` }), ...column },
      { name: 'question', data: [...questions], offsetIndex },
      { name: 'answer', data: questions.map((_, row) => answers[row] ?? String(row)), offsetIndex },
    ],
    rowGroupSize,
    pageSize,
    codec,
    ...(layout.compressors === undefined ? {} : { compressors: layout.compressors }),
    ...(layout.huggingface === undefined
      ? {}
      : { kvMetadata: [{ key: 'huggingface', value: JSON.stringify(layout.huggingface) }] }),
  });
  return Buffer.from(writer.getBytes());
}
