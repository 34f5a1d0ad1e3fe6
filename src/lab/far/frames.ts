// Bytes in pieces that tell what they are: one byte of kind, four of length (big-endian), the payload.

export interface Frame {
  readonly kind: number;
  readonly payload: Buffer;
}

export const FRAME_HEADER = 5;
/** No side makes larger ones; a larger length means that the bytes are no frames. */
export const FRAME_LIMIT: number = 1 << 20;

export function encodeFrame({ kind, payload }: Frame): Buffer {
  const bytes = Buffer.allocUnsafe(FRAME_HEADER + payload.length);
  bytes.writeUInt8(kind, 0);
  bytes.writeUInt32BE(payload.length, 1);
  payload.copy(bytes, FRAME_HEADER);
  return bytes;
}

/** Gives the frames that bytes complete, however these are cut. Throws when a length is beyond FRAME_LIMIT. */
export function createFrameReader(): (bytes: Buffer) => Frame[] {
  let chunks: Buffer[] = [];
  let held = 0;
  return (bytes) => {
    chunks.push(bytes);
    held += bytes.length;
    const frames: Frame[] = [];
    for (;;) {
      if (held < FRAME_HEADER) return frames;
      const head = gather(FRAME_HEADER);
      const length = head.readUInt32BE(1);
      if (length > FRAME_LIMIT) throw new Error(`A frame of ${length} bytes is none`);
      if (held < FRAME_HEADER + length) return frames;
      const whole = gather(FRAME_HEADER + length);
      frames.push({
        kind: whole.readUInt8(0),
        payload: whole.subarray(FRAME_HEADER, FRAME_HEADER + length),
      });
      chunks = [whole.subarray(FRAME_HEADER + length), ...chunks.slice(1)];
      held -= FRAME_HEADER + length;
    }
  };

  /** Sees to it that the first chunk has `count` bytes, all of which are held. */
  function gather(count: number): Buffer {
    const [first] = chunks;
    if (first && first.length >= count) return first;
    const whole = Buffer.concat(chunks);
    chunks = [whole];
    return whole;
  }
}
