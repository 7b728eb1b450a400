/** Least squares for calibration: reported tokens as an offset for each unit and a slope on the estimate. */

/** One sample: the estimate for `units` images (or clips, or requests) together, and the reported tokens. */
export interface FitPoint {
  readonly units: number;
  readonly estimated: number;
  readonly reported: number;
}

/** `reported = offset * units + slope * estimated`. */
export interface FittedLine {
  readonly offset: number;
  readonly slope: number;
  readonly samples: number;
  /** Root mean square of the errors after the fit, in tokens. */
  readonly residual: number;
  /** Mean of estimated less reported, before the fit. */
  readonly bias: number;
  /** Mean absolute error before and after the fit, in tokens. */
  readonly errorBefore: number;
  readonly errorAfter: number;
}

/** A line through fewer points is mostly chance. */
const MIN_SAMPLES = 8;

/** Ordinary least squares over both terms; null below {@link MIN_SAMPLES} points. Equal estimates fix only the offset. */
export function fitLine(points: readonly FitPoint[]): FittedLine | null {
  if (points.length < MIN_SAMPLES) return null;
  const sum = (of: (point: FitPoint) => number) => points.reduce((total, point) => total + of(point), 0);
  const uu = sum(({ units }) => units * units);
  const ue = sum(({ units, estimated }) => units * estimated);
  const ee = sum(({ estimated }) => estimated * estimated);
  const ur = sum(({ units, reported }) => units * reported);
  const er = sum(({ estimated, reported }) => estimated * reported);
  const determinant = uu * ee - ue * ue;
  // Relative to the products that it is the difference of. Below this, the two terms cannot be separated.
  const isSingular = determinant <= 1e-9 * uu * ee;
  const slope = isSingular ? 1 : (uu * er - ue * ur) / determinant;
  const offset = uu === 0 ? 0 : (ur - slope * ue) / uu;
  return { offset, slope, ...errorsOf(points, (point) => offset * point.units + slope * point.estimated) };
}

/** The errors of unchanged estimates, as the figures of the line that changes nothing. */
export function estimateErrors(points: readonly FitPoint[]): FittedLine {
  return { offset: 0, slope: 1, ...errorsOf(points, ({ estimated }) => estimated) };
}

function errorsOf(points: readonly FitPoint[], predict: (point: FitPoint) => number) {
  const mean = (of: (point: FitPoint) => number) =>
    points.length === 0 ? 0 : points.reduce((total, point) => total + of(point), 0) / points.length;
  return {
    samples: points.length,
    residual: Math.sqrt(mean((point) => (point.reported - predict(point)) ** 2)),
    bias: mean(({ reported, estimated }) => estimated - reported),
    errorBefore: mean(({ reported, estimated }) => Math.abs(reported - estimated)),
    errorAfter: mean((point) => Math.abs(point.reported - predict(point))),
  };
}
