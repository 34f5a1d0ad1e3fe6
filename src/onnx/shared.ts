// The memory that an evaluator and its thread share: numbers first, then the inputs, then the outputs, then the text of a fault.

/** Indexes of 32-bit words. The thread is asked by a higher `asked` and answers by making `answered` equal. */
export const WORD = {
  state: 0,
  asked: 1,
  answered: 2,
  model: 3,
  inputs: 4,
  /** Negative: the model failed. */
  outputs: 5,
  faultBytes: 6,
  count: 8,
} as const;

export const STATE = { starting: 0, ready: 1, failed: 2, stopped: 3 } as const;

export const INPUT_LIMIT = 4096;
export const OUTPUT_LIMIT = 4096;
const FAULT_BYTES = 2048;

export interface SharedViews {
  readonly words: Int32Array;
  readonly inputs: Float32Array;
  readonly outputs: Float32Array;
  readonly fault: Uint8Array;
}

export const sharedSize: number = (WORD.count + INPUT_LIMIT + OUTPUT_LIMIT) * 4 + FAULT_BYTES;

export function viewsOf(buffer: SharedArrayBuffer): SharedViews {
  const inputs = WORD.count * 4;
  const outputs = inputs + INPUT_LIMIT * 4;
  const fault = outputs + OUTPUT_LIMIT * 4;
  return {
    words: new Int32Array(buffer, 0, WORD.count),
    inputs: new Float32Array(buffer, inputs, INPUT_LIMIT),
    outputs: new Float32Array(buffer, outputs, OUTPUT_LIMIT),
    fault: new Uint8Array(buffer, fault, FAULT_BYTES),
  };
}
