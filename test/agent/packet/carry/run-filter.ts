import { invariant } from '../../../../src/base/invariant.ts';

/** Runs a program of classic BPF over a frame, as the kernel does: what lies beyond its end makes it answer 0. */
export function runFilter(program: Uint8Array, frame: Uint8Array, packetType = 0): number {
  const code = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const bytes = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  let accumulator = 0;
  let index = 0;
  for (let at = 0; ; at += 8) {
    const [operation, onTrue, onFalse, operand] = [
      code.getUint16(at, true),
      code.getUint8(at + 2),
      code.getUint8(at + 3),
      code.getUint32(at + 4, true),
    ];
    const skip = (holds: boolean): void => void (at += 8 * (holds ? onTrue : onFalse));
    const base = (operation & 0x40) === 0 ? 0 : index;
    try {
      switch (operation) {
        case 0x20:
          accumulator = operand === 0xffff_f004 ? packetType : bytes.getUint32(operand);
          break;
        case 0x40:
          accumulator = bytes.getUint32(operand + base);
          break;
        case 0x28:
        case 0x48:
          accumulator = bytes.getUint16(operand + base);
          break;
        case 0x30:
        case 0x50:
          accumulator = bytes.getUint8(operand + base);
          break;
        case 0x80:
          accumulator = frame.length;
          break;
        case 0xb1:
          index = (bytes.getUint8(operand) & 15) * 4;
          break;
        case 0x01:
          index = operand;
          break;
        case 0x1c:
          accumulator = (accumulator - index) >>> 0;
          break;
        case 0x05:
          at += 8 * operand;
          break;
        case 0x15:
          skip(accumulator === operand);
          break;
        case 0x35:
          skip(accumulator >= operand);
          break;
        case 0x45:
          skip((accumulator & operand) !== 0);
          break;
        default:
          invariant(operation === 0x06, `The test knows instruction ${operation}`);
          return operand;
      }
    } catch (error) {
      if (error instanceof RangeError) return 0;
      throw error;
    }
  }
}
