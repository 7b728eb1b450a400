/** What all charts have: a title, a drawing with a name for screen readers, axes. */

import type { ComponentChildren } from 'preact';
import type { Scale } from '../scale.ts';

/** Size of a chart in its own units. */
export const WIDTH = 380;
export const HEIGHT = 230;

export interface ChartProps {
  readonly title: string;
  /** What the chart says, for readers who do not see it. */
  readonly summary: string;
  readonly height?: number;
  readonly children: ComponentChildren;
  readonly note?: string;
}

export function Chart({ title, summary, height = HEIGHT, children, note }: ChartProps) {
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={`${title}. ${summary}`}>
        {children}
      </svg>
      {note !== undefined && <p class="small muted">{note}</p>}
    </figure>
  );
}

interface AxisProps {
  readonly scale: Scale;
  readonly format: (value: number) => string;
  /** Ends of the lines across. */
  readonly from: number;
  readonly to: number;
  readonly label?: string;
}

/** Lines across with numbers below. */
export function BottomAxis({ scale, format, from, to, label }: AxisProps) {
  return (
    <g class="axis">
      {scale.ticks.map((tick) => (
        <g key={tick}>
          <line x1={scale.at(tick)} x2={scale.at(tick)} y1={from} y2={to} />
          <text x={scale.at(tick)} y={to + 14} text-anchor="middle">
            {format(tick)}
          </text>
        </g>
      ))}
      {label !== undefined && <BottomLabel to={to}>{label}</BottomLabel>}
    </g>
  );
}

/** What the numbers below are. */
export function BottomLabel({ to, children }: { readonly to: number; readonly children: string }) {
  return (
    <text class="label" x={WIDTH - 6} y={to + 29} text-anchor="end">
      {children}
    </text>
  );
}

/** Lines across with numbers at the left. */
export function LeftAxis({ scale, format, from, to }: AxisProps) {
  return (
    <g class="axis">
      {scale.ticks.map((tick) => (
        <g key={tick}>
          <line x1={from} x2={to} y1={scale.at(tick)} y2={scale.at(tick)} />
          <text x={from - 6} y={scale.at(tick) + 3.5} text-anchor="end">
            {format(tick)}
          </text>
        </g>
      ))}
    </g>
  );
}
