/** Changes the sample rate of a sound with a windowed sinc filter. */

/** Zero crossings of the sinc on either side of a sample: the stop band is more than 40 dB down. */
const ZERO_CROSSINGS = 16;

/** Most weights that are kept; 32 MB. Rates with a larger table are not those of real recordings. */
const MAX_WEIGHTS = 2 ** 22;

/** Resamples a sound that comes in parts. */
export interface Resampler {
  /** The samples that are complete by now. */
  push(samples: Float32Array): Float32Array;
  /** The rest. */
  end(): Float32Array;
}

/**
 * Band-limited resampling (Smith, "Digital Audio Resampling"): a sinc of 16 zero crossings a side under a Hann window, which
 * cuts at the lower of the two half-rates. Rates are whole numbers of Hz.
 */
export function createResampler(fromRate: number, toRate: number): Resampler {
  const weightsOf = createWeights(fromRate, toRate);
  const { reach } = weightsOf;
  let kept: Float32Array = new Float32Array(0);
  let keptFrom = 0;
  let next = 0;

  /** Output samples before `end`; those that reach beyond the kept input use what there is. */
  const upTo = (end: number): Float32Array => {
    const output = new Float32Array(Math.max(0, end - next));
    for (let index = 0; index < output.length; index += 1)
      output[index] = weightsOf.sum(next + index, kept, keptFrom, keptFrom + kept.length);
    next += output.length;
    const needed = Math.max(keptFrom, Math.ceil((next * fromRate) / toRate - reach) - 1);
    kept = kept.slice(needed - keptFrom);
    keptFrom = needed;
    return output;
  };
  return {
    push(samples) {
      const joined = new Float32Array(kept.length + samples.length);
      joined.set(kept);
      joined.set(samples, kept.length);
      kept = joined;
      const known = keptFrom + kept.length;
      return upTo(Math.max(next, Math.floor(((known - 1 - reach) * toRate) / fromRate)));
    },
    end: () => upTo(Math.round(((keptFrom + kept.length) * toRate) / fromRate)),
  };
}

/** A whole sound at another rate; see `createResampler`. */
export function resample(samples: Float32Array, fromRate: number, toRate: number): Float32Array {
  if (fromRate === toRate) return samples;
  const { sum } = createWeights(fromRate, toRate);
  const output = new Float32Array(Math.round((samples.length * toRate) / fromRate));
  for (let index = 0; index < output.length; index += 1) output[index] = sum(index, samples, 0, samples.length);
  return output;
}

/**
 * The filter. The distances of output samples from the input samples around them repeat after `toRate / gcd` samples: their
 * weights are computed once each.
 */
function createWeights(fromRate: number, toRate: number) {
  const cutoff = Math.min(1, toRate / fromRate);
  const reach = ZERO_CROSSINGS / cutoff;
  const divisor = greatestDivisor(fromRate, toRate);
  const phases = toRate / divisor;
  const step = fromRate / divisor;
  const half = Math.ceil(reach);
  const width = 2 * half + 1;
  const weights = new Float64Array(phases * width <= MAX_WEIGHTS ? phases * width : width);
  const isTable = weights.length === phases * width;
  const done = new Uint8Array(isTable ? phases : 0);

  /** Fills in the weights of a phase; returns where they start. */
  const ofPhase = (phase: number): number => {
    const start = isTable ? phase * width : 0;
    if (done[phase] === 1) return start;
    for (let at = 0; at < width; at += 1) weights[start + at] = weight(at - half - phase / phases, reach, cutoff);
    if (isTable) done[phase] = 1;
    return start;
  };
  return {
    reach,
    /** Output sample `index` from input samples; `samples[0]` is the input sample number `from`. */
    sum(index: number, samples: Float32Array, from: number, to: number): number {
      const position = index * step;
      const phase = position % phases;
      const first = (position - phase) / phases - half;
      const start = ofPhase(phase);
      const low = Math.max(first, from);
      const high = Math.min(first + width, to);
      let sum = 0;
      for (let at = low; at < high; at += 1) sum += (samples[at - from] ?? 0) * (weights[start + at - first] ?? 0);
      return sum;
    },
  };
}

function weight(distance: number, reach: number, cutoff: number): number {
  if (Math.abs(distance) > reach) return 0;
  return cutoff * sinc(distance * cutoff) * (0.5 + 0.5 * Math.cos((Math.PI * distance) / reach));
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
