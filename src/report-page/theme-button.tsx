/** Switches between the theme of the system, light and dark. */

import { useEffect, useState } from 'preact/hooks';

const THEMES = ['auto', 'light', 'dark'] as const;

export function ThemeButton() {
  const [theme, setTheme] = useState<(typeof THEMES)[number]>('auto');
  useEffect(() => {
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
