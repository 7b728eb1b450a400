/** Opens a URL in the browser of the desktop. */

import { spawn } from 'node:child_process';
import type { Environment } from '../io.ts';

/** The program of each system that opens what a person would double-click; no shell is involved. */
function opener(platform: NodeJS.Platform, url: string): readonly [program: string, ...args: string[]] {
  if (platform === 'darwin') return ['open', url];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url];
  return ['xdg-open', url];
}

/** Resolves when the program has started; its result does not matter. @throws the system's error when there is none. */
export function openBrowser(url: string, env: Environment, platform = process.platform): Promise<void> {
  const [program, ...args] = opener(platform, url);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { detached: true, stdio: 'ignore', env: { ...env } });
    child.once('error', reject);
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}
