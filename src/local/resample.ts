/** Changes the sample rate of a sound with a windowed sinc filter. */

/** Zero crossings of the sinc on either side of a sample: the stop band is more than 40 dB down. */
const ZERO_CROSSINGS = 16;

/** Band-limited resampling (Smith, "Digital Audio Resampling"): the filter cuts at the lower of the two half-rates. */
export function resample(samples: Float32Array, fromRate: number, toRate: number): Float32Array {
  if (fromRate === toRate) return samples;
  const ratio = toRate / fromRate;
  const cutoff = Math.min(1, ratio);
  const reach = ZERO_CROSSINGS / cutoff;
  const output = new Float32Array(Math.round(samples.length * ratio));
  for (let index = 0; index < output.length; index += 1) {
    const center = index / ratio;
    const first = Math.max(0, Math.ceil(center - reach));
    const last = Math.min(samples.length - 1, Math.floor(center + reach));
    let sum = 0;
    for (let at = first; at <= last; at += 1) {
      const distance = at - center;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / reach);
      sum += (samples[at] ?? 0) * sinc(distance * cutoff) * window;
    }
    output[index] = sum * cutoff;
  }
  return output;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
