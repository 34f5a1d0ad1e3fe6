// A model of one layer, written byte by byte: onnx.proto of https://github.com/onnx/onnx, in the protobuf wire format.

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
const number = (field: number, value: number): number[] => [field << 3, ...varint(value)];
const bytes = (field: number, content: readonly number[]): number[] => [
  (field << 3) | 2,
  ...varint(content.length),
  ...content,
];
const text = (field: number, value: string): number[] => bytes(field, [...Buffer.from(value)]);
const floats = (values: readonly number[]): number[] => [
  ...new Uint8Array(Float32Array.from(values).buffer),
];

const FLOAT = 1;
const tensor = (name: string, shape: readonly number[], values: readonly number[]): number[] => [
  ...shape.flatMap((size) => number(1, size)),
  ...number(2, FLOAT),
  ...text(8, name),
  ...bytes(9, floats(values)),
];
const value = (name: string, shape: readonly number[]): number[] => [
  ...text(1, name),
  ...bytes(
    2,
    bytes(1, [
      ...number(1, FLOAT),
      ...bytes(
        2,
        shape.flatMap((size) => bytes(1, number(1, size))),
      ),
    ]),
  ),
];
const node = (inputs: readonly string[], output: string, kind: string): number[] => [
  ...inputs.flatMap((input) => text(1, input)),
  ...text(2, output),
  ...text(4, kind),
];

/** Base64 of the model sigmoid(weights · x + bias), for a row of as many numbers as there are weights. */
export function smallModel(weights: readonly number[], bias: number): string {
  const count = weights.length;
  const graph = [
    ...bytes(1, node(['x', 'w'], 'xw', 'MatMul')),
    ...bytes(1, node(['xw', 'b'], 'z', 'Add')),
    ...bytes(1, node(['z'], 'y', 'Sigmoid')),
    ...text(2, 'small'),
    ...bytes(5, tensor('w', [count, 1], weights)),
    ...bytes(5, tensor('b', [1], [bias])),
    ...bytes(11, value('x', [1, count])),
    ...bytes(12, value('y', [1, 1])),
  ];
  const model = [
    ...number(1, 8),
    ...bytes(7, graph),
    ...bytes(8, [...text(1, ''), ...number(2, 13)]),
  ];
  return Buffer.from(model).toString('base64');
}
