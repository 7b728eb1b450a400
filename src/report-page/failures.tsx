/** Failures grouped by cause, with the most frequent reason in the endpoint's words. */

import type { PageHead } from '../reporters/html/page-data.ts';
import { ModelName } from './model-name.tsx';
import { ScrollRegion } from './scroll-region.tsx';
import { visibleText } from './visible-text.ts';

export function Failures({ head, onShow }: { readonly head: PageHead; readonly onShow: () => void }) {
  const { failures, models } = head;
  if (failures.length === 0) return null;
  const show = () => {
    onShow();
    document.getElementById('samples')?.scrollIntoView();
  };
  return (
    <section aria-labelledby="failures-title">
      <h2 id="failures-title">Failures</h2>
      <ScrollRegion label="Failures by cause">
        <table class="failures">
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col">Kind</th>
              <th scope="col">Cells</th>
              <th scope="col">Most frequent reason</th>
            </tr>
          </thead>
          <tbody>
            {failures.map(({ model, kind, cells, message, messageCells }) => (
              <tr key={`${model} ${kind}`}>
                <th scope="row">
                  <ModelName
                    index={Math.max(
                      0,
                      models.findIndex(({ id }) => id === model),
                    )}
                    id={model}
                  />
                </th>
                <td>{kind}</td>
                <td>{cells.toLocaleString('en')}</td>
                <td class="text">
                  <bdi>{visibleText(message)}</bdi>
                  {messageCells < cells && <span class="muted"> ({messageCells} of these)</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <button type="button" onClick={show}>
        Show the samples that failed
      </button>
    </section>
  );
}
