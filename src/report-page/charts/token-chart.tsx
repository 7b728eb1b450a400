/** Mean tokens of a cell by part of the prompt and the completion. */

import type { PageModel, TokenMeans } from '../../reporters/html/page-data.ts';
import { shortName } from '../model-name.tsx';
import { linearScale } from '../scale.ts';
import { BottomAxis, Chart, WIDTH } from './frame.tsx';

const PARTS = ['text', 'image', 'audio', 'completion', 'reasoning'] as const satisfies readonly (keyof TokenMeans)[];

const PART_TEXT: Readonly<Record<keyof TokenMeans, string>> = {
  text: 'text',
  image: 'images',
  audio: 'audio',
  completion: 'completion',
  reasoning: 'reasoning',
};

const [LEFT, RIGHT, TOP, ROW] = [10, WIDTH - 14, 30, 38];

interface TokenChartProps {
  readonly models: readonly PageModel[];
  readonly tokens: readonly TokenMeans[];
}

export function TokenChart({ models, tokens }: TokenChartProps) {
  const rows = models.flatMap(({ id }, index) => {
    const means = tokens[index];
    if (means === undefined) return [];
    let from = 0;
    const bars = PARTS.flatMap((part) => {
      const value = means[part] ?? 0;
      from += value;
      return value <= 0 ? [] : [{ part, value, from: from - value }];
    });
    return bars.length === 0 ? [] : [{ id, bars, total: from }];
  });
  if (rows.length === 0) return null;
  const bottom = TOP + rows.length * ROW;
  const scale = linearScale(0, Math.max(...rows.map(({ total }) => total)), LEFT, RIGHT, 4);
  const used = PARTS.filter((part) => rows.some(({ bars }) => bars.some((bar) => bar.part === part)));
  return (
    <Chart
      title="Tokens of a cell"
      height={bottom + 24}
      summary={rows
        .map(
          ({ id, bars }) =>
            `${shortName(id)}: ${bars.map(({ part, value }) => `${value.toFixed(0)} ${PART_TEXT[part]}`).join(', ')}`,
        )
        .join('; ')}
    >
      <BottomAxis scale={scale} format={(value) => value.toLocaleString('en')} from={TOP} to={bottom} />
      <g class="legend">
        {used.map((part, index) => (
          <g key={part} class={`part-${part}`} transform={`translate(${LEFT + 74 * index} 14)`}>
            <rect x="0" y="-8" width="9" height="9" rx="2" fill="currentColor" />
            <text class="name" x="13">
              {PART_TEXT[part]}
            </text>
          </g>
        ))}
      </g>
      {rows.map(({ id, bars, total }, row) => (
        <g key={id} transform={`translate(0 ${TOP + row * ROW})`}>
          <text class="name" x={LEFT} y="13">
            {shortName(id)} · {Math.round(total).toLocaleString('en')}
          </text>
          {bars.map(({ part, value, from }) => (
            <rect
              key={part}
              class={`part-${part}`}
              x={scale.at(from)}
              y="17"
              width={Math.max(1, scale.at(from + value) - scale.at(from) - 1)}
              height="13"
              rx="2"
              fill="currentColor"
            />
          ))}
        </g>
      ))}
    </Chart>
  );
}
