// Stretches of a message whose size is written somewhere, or that are padded: what a change of bytes within them has to put right.

export interface Extent<F> {
  /** The next larger one; null: the message itself. */
  readonly around: Extent<F> | null;
  readonly start: number;
  /** Exclusive, without the padding. */
  end: number;
  measure: Measure<F> | null;
  /** Zero bytes behind it go up to a multiple of so many bytes from its start; 1: none. */
  readonly align: number;
  /** Bytes of these. */
  padding: number;
}

/** The field that says how large an extent is: its value and `plus` are the bytes, or its value is the number of a list's elements. */
export interface Measure<F> {
  readonly field: F;
  readonly counts: 'bytes' | 'elements';
  readonly plus: number;
}

/** One that has no bytes yet. */
export const extentOf = <F>(
  around: Extent<F> | null,
  start: number,
  measure: Measure<F> | null,
  align: number,
): Extent<F> => ({ around, start, end: start, measure, align, padding: 0 });
