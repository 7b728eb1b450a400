/** Says which set of scores the page shows, which others the run has, and how to see them. */

import { RUN_SET, type ScoreSetInfo, type ScoreSets } from '../report.ts';
import { counted } from '../text/counted.ts';
import { firstLine, visibleText } from './visible-text.ts';

export function ScoreSetLine({ scoreSets }: { readonly scoreSets: ScoreSets }) {
  const { used, all, unscored } = scoreSets;
  return (
    <details class="sets">
      <summary>
        Scores: <strong>@{firstLine(used, 60)}</strong>{' '}
        <span class="muted">
          {used === RUN_SET ? "the run's own" : "not the run's own"} · {all.length - 1}{' '}
          {all.length === 2 ? 'other set' : 'other sets'}
          {unscored > 0 && ` · ${counted(unscored, 'answer has', 'answers have')} no scores in it`}
        </span>
      </summary>
      <ul class="small">
        {all.map((set) => (
          <li key={set.name}>
            <strong>@{visibleText(set.name)}</strong>
            {set.name === used && ' (shown)'} <span class="muted">{about(set)}</span>
          </li>
        ))}
      </ul>
      <p class="small muted">
        All sets have columns of their own in results.csv. <code>earsight report RUN --set NAME --reporter html</code>{' '}
        writes this page with the scores of another set.
      </p>
    </details>
  );
}

function about({ scoredAt, scorers, names }: ScoreSetInfo): string {
  const versions = scorers.map(({ name, version }) =>
    version.startsWith(`${name} `) ? version : `${name} ${version}`,
  );
  const when = scoredAt === null ? 'while the run was running' : scoredAt.replace('T', ' ').replace(/\.\d+Z$/u, ' UTC');
  return visibleText([versions.length === 0 ? names.join(', ') : versions.join(', '), when].join(' · '));
}
