/** Types of drawing.mjs, for the tests that draw with it. */

export interface Spoil {
  /** Deviation of Gaussian noise, of 255. */
  readonly noise?: number;
}

/** The bytes of a picture; a file name that ends in .jpg makes a JPEG, and only there it is spoilt. */
export function render(
  picture: { readonly svg: string; readonly file: string; readonly spoil?: Spoil },
  seed: number,
): Promise<Buffer>;
