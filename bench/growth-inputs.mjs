// Makes texts of a given length for bench/growth.mjs.

/** `unit` again and again up to a length. */
export const fill = (length, unit) => unit.repeat(Math.ceil(length / unit.length));

/** Numbered pieces up to a length. */
export function numbered(length, piece, separator = '') {
  const pieces = [];
  for (let size = 0, index = 0; size < length; index += 1) {
    const next = piece(index);
    size += next.length + separator.length;
    pieces.push(next);
  }
  return pieces.join(separator);
}

/** The result of a function, or what it throws. */
export const orError = (read) => {
  try {
    return read();
  } catch (error) {
    return error;
  }
};

/** A function of one text. */
export const text = (make, run) => ({ make, run });
