/** The figures of the stress curves: a row for each model, kind and step. */

import type { PageHead } from '../reporters/html/page-data.ts';
import { STRESS_HEAD, stressNote, stressRows, stressSentence } from '../reporters/variants/stress-text.ts';
import type { StressCurve } from '../stress-report.ts';
import { ModelName } from './model-name.tsx';
import { ScrollRegion } from './scroll-region.tsx';
import { visibleText } from './visible-text.ts';

/** Tables that are open from the start. */
const MAX_OPEN = 6;

export function StressTables({ head }: { readonly head: PageHead }) {
  const curves = head.comparison?.stress ?? [];
  if (curves.length === 0) return null;
  const kinds = [...new Set(curves.map(({ kind }) => kind))];
  return (
    <details class="slices" open={curves.length <= MAX_OPEN}>
      <summary>
        <h2>Under stress</h2> <span class="muted">{kinds.join(', ')}</span>
      </summary>
      <div class="labels">
        {curves.map((curve) => (
          <StressTable
            key={`${curve.base} ${curve.kind}`}
            curve={curve}
            index={Math.max(
              0,
              head.models.findIndex(({ id }) => id === curve.base),
            )}
          />
        ))}
      </div>
    </details>
  );
}

function StressTable({ curve, index }: { readonly curve: StressCurve; readonly index: number }) {
  const { base, kind, breaksAt } = curve;
  const name = `${visibleText(base)} under ${kind}`;
  return (
    <section class="chart" aria-label={name}>
      <p>
        <ModelName index={index} id={base} /> · {kind}
      </p>
      <p class="small">{visibleText(stressSentence(curve))}</p>
      <ScrollRegion label={name}>
        <table class="small">
          <thead>
            <tr>
              {[kind, ...STRESS_HEAD].map((text) => (
                <th key={text} scope="col">
                  {text}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {stressRows(curve).map(([level = '', ...cells]) => (
              <tr key={level} class={level === String(breaksAt) ? 'break' : undefined}>
                <th scope="row">{level}</th>
                {cells.map((cell, column) => (
                  <td key={STRESS_HEAD[column]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <p class="small muted">{stressNote(curve)}</p>
    </section>
  );
}
