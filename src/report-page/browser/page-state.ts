/** Hooks of the page: its address, its keys, its list of rows. */

import { options } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { readHash, type ViewState, writeHash } from '../view-state.ts';

/** The state in the address, and how to change it. Opening a sample adds to the history, so that Back closes it. */
export function useViewState(): readonly [ViewState, (change: Partial<ViewState>) => void] {
  const [state, setState] = useState(() => readHash(location.hash));
  useEffect(() => {
    const follow = () => setState(readHash(location.hash));
    addEventListener('hashchange', follow);
    addEventListener('popstate', follow);
    return () => {
      removeEventListener('hashchange', follow);
      removeEventListener('popstate', follow);
    };
  }, []);
  const change = useCallback((change: Partial<ViewState>) => {
    const before = readHash(location.hash);
    const after = { ...before, ...change };
    const address = writeHash(after) || location.pathname + location.search;
    const isOpened = before.sample === null && after.sample !== null;
    history[isOpened ? 'pushState' : 'replaceState'](null, '', address);
    setState(after);
  }, []);
  return [state, change];
}

/** Calls the handler of a key; not while text is typed, and not with Ctrl, Alt or Meta. */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  // Before the next key: a fast typist's second grade would otherwise be given to the first answer.
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const handler = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
      if (handler === undefined || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
      event.preventDefault();
      handler();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, select, textarea, audio') !== null;
}

/** The width of the window, and whether it is being printed. */
export function useWindow(): { readonly width: number; readonly isPrinted: boolean } {
  const [width, setWidth] = useState(innerWidth);
  const [isPrinted, setPrinted] = useState(false);
  useEffect(() => {
    const resize = () => setWidth(innerWidth);
    const before = () => renderNow(() => setPrinted(true));
    const after = () => setPrinted(false);
    addEventListener('resize', resize);
    addEventListener('beforeprint', before);
    addEventListener('afterprint', after);
    return () => {
      removeEventListener('resize', resize);
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', after);
    };
  }, []);
  return { width, isPrinted };
}

/** A page is printed as soon as the event is handled, so the change cannot wait for the next frame. */
function renderNow(change: () => void): void {
  const wait = options.debounceRendering;
  options.debounceRendering = (render) => render();
  change();
  if (wait === undefined) delete options.debounceRendering;
  else options.debounceRendering = wait;
}

/** Rows above and below the visible ones. */
const OVERSCAN = 4;

/** The rows of a long list that are near the window, when all have one height in pixels. */
export function useVisibleRows(
  list: { readonly current: HTMLElement | null },
  count: number,
  rowHeight: number,
): readonly [first: number, last: number] {
  const [range, setRange] = useState<readonly [number, number]>([0, 0]);
  useLayoutEffect(() => {
    const measure = () => {
      const top = list.current?.getBoundingClientRect().top ?? 0;
      const first = Math.max(0, Math.floor(-top / rowHeight) - OVERSCAN);
      const last = Math.min(count, Math.ceil((innerHeight - top) / rowHeight) + OVERSCAN);
      setRange(([from, to]) => (from === first && to === last ? [from, to] : [first, Math.max(first, last)]));
    };
    measure();
    addEventListener('scroll', measure, { passive: true });
    addEventListener('resize', measure);
    // Charts above the list grow when fonts arrive.
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => {
      removeEventListener('scroll', measure);
      removeEventListener('resize', measure);
      observer.disconnect();
    };
  }, [list, count, rowHeight]);
  return range;
}

/** Puts a text on the clipboard; false when the browser does not allow it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Offers a text as a file to save. */
export function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/x-ndjson' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
