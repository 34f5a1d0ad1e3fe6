/** Bytes that have a buffer of their own: what crosses between threads takes its whole buffer along. */
export const ownBytes = (bytes: Uint8Array): Uint8Array =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
