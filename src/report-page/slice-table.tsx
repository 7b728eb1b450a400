/** Scores by part of the dataset, the models side by side. */

import { percent } from '../reporters/figures-for-people.ts';
import type { PageHead } from '../reporters/html/page-data.ts';
import { ModelName } from './model-name.tsx';
import { ScrollRegion } from './scroll-region.tsx';
import { firstLine } from './visible-text.ts';

/** Slices that are shown without asking for more. */
const FIRST = 12;

export function SliceTable({
  head,
  onChoose,
}: {
  readonly head: PageHead;
  readonly onChoose: (slice: string) => void;
}) {
  const { slices, models } = head;
  if (slices.length === 0 || slices.every(({ scores }) => scores.every((score) => score === null))) return null;
  const choose = (name: string) => {
    onChoose(name);
    document.getElementById('samples')?.scrollIntoView();
  };
  return (
    <details class="slices" open={slices.length <= FIRST}>
      <summary>
        <h2>By slice</h2> <span class="muted">{slices.length} slices</span>
      </summary>
      <ScrollRegion label="Scores by slice">
        <table class="heat">
          <thead>
            <tr>
              <th scope="col">Slice</th>
              <th scope="col">Samples</th>
              {models.map(({ id }, index) => (
                <th key={id} scope="col">
                  <ModelName index={index} id={id} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {slices.map(({ name, n, scores }) => (
              <tr key={name}>
                <th scope="row">
                  <button type="button" class="link" onClick={() => choose(name)}>
                    {firstLine(name, 80)}
                  </button>
                </th>
                <td>{n}</td>
                {scores.map((score, index) => (
                  <td key={models[index]?.id} class={score === null ? 'muted' : `heat-${Math.round(score * 5)}`}>
                    {percent(score)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </details>
  );
}
