/** Typed arrays whose memory can be given back at once: V8 would keep that of others until its next full collection. */

type Numbers = Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** All 0. */
export function freeable<T extends Numbers>(
  kind: { readonly BYTES_PER_ELEMENT: number; new (buffer: ArrayBuffer): T },
  length: number,
): T {
  const byteLength = length * kind.BYTES_PER_ELEMENT;
  return new kind(new ArrayBuffer(byteLength, { maxByteLength: byteLength }));
}

/** Leaves the arrays empty. */
export function free(...arrays: readonly Numbers[]): void {
  for (const { buffer } of arrays) buffer.resize(0);
}
