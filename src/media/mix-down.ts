/** Makes one channel of several. */

/** The mean of all channels, of `length` samples. */
export function mixDown(channels: readonly Float32Array[], length: number): Float32Array {
  const mono = new Float32Array(length);
  for (const channel of channels)
    for (let index = 0; index < length; index += 1)
      mono[index] = (mono[index] ?? 0) + (channel[index] ?? 0) / channels.length;
  return mono;
}
