// The frames in which an engine sends both outputs of a program over one connection. Pure.
// Engine API, "Attach to a container": [type, 0, 0, 0, size (4 bytes, big-endian)], then `size` bytes.

export interface OutputPiece {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

/** Takes the connection's bytes as they come and gives the pieces they hold, without waiting for a frame to be whole. */
export type Demultiplexer = (chunk: Uint8Array) => OutputPiece[];

const HEADER_BYTES = 8;
/** Types 0 (standard input, echoed) and 1 are standard output; 3 is the engine's own error. */
const STDERR_TYPES: readonly number[] = [2, 3];

export function createDemultiplexer(): Demultiplexer {
  const header = new Uint8Array(HEADER_BYTES);
  let headerLength = 0;
  let left = 0;
  return (chunk) => {
    const pieces: OutputPiece[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (left === 0) {
        const taken = chunk.subarray(at, at + HEADER_BYTES - headerLength);
        header.set(taken, headerLength);
        headerLength += taken.length;
        at += taken.length;
        if (headerLength < HEADER_BYTES) break;
        headerLength = 0;
        left = new DataView(header.buffer).getUint32(4);
        continue;
      }
      const bytes = chunk.subarray(at, at + left);
      pieces.push({ stream: STDERR_TYPES.includes(header[0] ?? 0) ? 'stderr' : 'stdout', bytes });
      at += bytes.length;
      left -= bytes.length;
    }
    return pieces;
  };
}
