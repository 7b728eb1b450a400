/** `earsight estimate --csv`: one row per cell with the key columns of `results.csv`, so that both files can be joined. */

import type { Column } from '../reporters/column.ts';
import type { CsvFormat } from '../reporters/csv-format.ts';
import { csvTable } from '../reporters/csv-table.ts';
import type { CostEstimate } from '../tokens/price-estimate.ts';
import type { TokenEstimate } from '../tokens/token-estimate.ts';
import type { EstimatedCell } from './estimate-run.ts';
import { ESTIMATE_PARTS, type EstimatePart } from './estimate-totals.ts';

interface Row {
  readonly cell: EstimatedCell['cell'];
  /** From 0. */
  readonly repeat: number;
}

type Bound = 'low' | 'expected' | 'high';
const BOUNDS: readonly Bound[] = ['low', 'expected', 'high'];

const COLUMNS: readonly Column<Row>[] = [
  text('sample_id', 'Id of the sample in the manifest', ({ cell }) => cell.request.sample.id),
  text('model', 'Id of the model in the configuration, with its variant', ({ cell }) => cell.request.model.id),
  count('repeat', 'Which repetition of the sample', ({ repeat }) => repeat),
  text('status', 'estimated, skipped or unusable', ({ cell }) => cell.status),
  text('reason', 'Why there is no estimate', ({ cell }) => (cell.status === 'estimated' ? null : cell.reason)),
  count('requests', 'Requests of the cell', ({ cell }) => (cell.status === 'estimated' ? cell.requestCount : null)),
  ...ESTIMATE_PARTS.flatMap((part) => [
    ...BOUNDS.map((bound) =>
      count(`${part}_tokens_${bound}`, `Tokens of the ${part}`, (row) => partOf(row, part)?.[bound] ?? null),
    ),
    text(`${part}_rule`, 'Token rule', (row) => partOf(row, part)?.rule ?? null),
    text(`${part}_confidence`, 'exact, close, rough or guess', (row) => partOf(row, part)?.confidence ?? null),
  ]),
  ...BOUNDS.map((bound): Column<Row> => {
    const cell = (row: Row) => costOf(row)?.[bound] ?? null;
    return { name: `cost_usd_${bound}`, type: 'number', unit: 'USD', description: 'Empty when unpriced', cell };
  }),
  text('price_source', 'Where the price comes from', (row) => costOf(row)?.priceSource ?? null),
];

/** How every such file of this format begins, so that no other file is overwritten. */
export function estimateCsvStart({ bom, delimiter }: CsvFormat): string {
  const names = COLUMNS.slice(0, 3).map(({ name }) => `${name}${delimiter}`);
  return `${bom ? '\ufeff' : ''}${names.join('')}`;
}

/** The file's text in chunks; every repeat has its own row. */
export function estimateCsv(cells: AsyncIterable<EstimatedCell>, format: CsvFormat): AsyncIterable<string> {
  return csvTable(COLUMNS, rowsOf(cells), format);
}

async function* rowsOf(cells: AsyncIterable<EstimatedCell>): AsyncGenerator<Row> {
  for await (const { cell, times } of cells) for (let repeat = 0; repeat < times; repeat += 1) yield { cell, repeat };
}

function partOf({ cell }: Row, part: EstimatePart): TokenEstimate | null {
  return cell.status === 'estimated' ? cell.estimate.parts[part] : null;
}

function costOf({ cell }: Row): CostEstimate | null {
  return cell.status === 'estimated' ? cell.cost : null;
}

function text(name: string, description: string, cell: (row: Row) => string | null): Column<Row> {
  return { name, type: 'string', description, cell };
}

function count(name: string, description: string, cell: (row: Row) => number | null): Column<Row> {
  return { name, type: 'integer', description, cell };
}
