/** Typed arrays whose memory can be freed at once; V8 keeps that of other arrays until its next full collection. */

type Numbers = Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** Makes an array of zeros. */
export function freeable<T extends Numbers>(
  kind: { readonly BYTES_PER_ELEMENT: number; new (buffer: ArrayBuffer): T },
  length: number,
): T {
  const byteLength = length * kind.BYTES_PER_ELEMENT;
  return new kind(new ArrayBuffer(byteLength, { maxByteLength: byteLength }));
}

/** Frees the memory of arrays, which are empty afterwards. */
export function free(...arrays: readonly Numbers[]): void {
  for (const { buffer } of arrays) buffer.resize(0);
}
