/** Switches between the theme of the system, light and dark. */

import { useLayoutEffect, useState } from 'preact/hooks';

const THEMES = ['auto', 'light', 'dark'] as const;

export function ThemeButton() {
  const [theme, setTheme] = useState<(typeof THEMES)[number]>('auto');
  // Before the next paint: a passive effect would show one frame of the old theme.
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return (
    <label class="theme">
      Theme{' '}
      <select
        value={theme}
        onChange={({ currentTarget }) => setTheme(THEMES.find((one) => one === currentTarget.value) ?? 'auto')}
      >
        {THEMES.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  );
}
