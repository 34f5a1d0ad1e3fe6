// What of npm `onnxruntime-node` is used: it is no dependency, so its own types are not there.

export interface Runtime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: { readonly intraOpNumThreads: number }): Promise<Session>;
  };
  readonly Tensor: new (type: 'float32', data: Float32Array, shape: readonly number[]) => object;
}

export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Since 1.22. */
  readonly inputMetadata?: readonly { readonly shape?: readonly (number | string)[] }[];
  run(feeds: Readonly<Record<string, object>>): Promise<Readonly<Record<string, Output>>>;
}

export interface Output {
  /** Some outputs, such as maps, have none. */
  readonly data?: unknown;
}

/** The shape of an input of so many numbers: what the model asks for where that is of this size, else one row. */
export function shapeOf(
  { inputMetadata }: Pick<Session, 'inputMetadata'>,
  count: number,
): number[] {
  const shape = inputMetadata?.[0]?.shape ?? [];
  if (shape.length === 1) return [count];
  const fixed = shape.map((size) => (typeof size === 'number' && size > 0 ? size : 1));
  const isWhole = fixed.length > 0 && fixed.reduce((left, right) => left * right, 1) === count;
  return isWhole ? fixed : [1, count];
}
