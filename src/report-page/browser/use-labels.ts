/** Hook of the labels that people give: they outlive the blind mode, and the page asks before it is closed with unsaved ones. */

import { useEffect, useState } from 'preact/hooks';
import { type Label, labelLines } from '../blind.ts';
import { saveText } from './page-state.ts';

export interface Labels {
  readonly list: readonly Label[];
  /** Labels since the last save. */
  readonly unsaved: number;
  add(labels: readonly Label[]): void;
  save(): void;
}

export function useLabels(): Labels {
  const [list, setList] = useState<readonly Label[]>([]);
  const [saved, setSaved] = useState(0);
  const unsaved = list.length - saved;
  useEffect(() => {
    if (unsaved === 0) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [unsaved]);
  return {
    list,
    unsaved,
    add: (labels) => setList((before) => [...before, ...labels]),
    save: () => {
      saveText('labels.jsonl', labelLines(list));
      setSaved(list.length);
    },
  };
}
