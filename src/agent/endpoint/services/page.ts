// Pages of a given size, made as they are sent: a page of a gigabyte costs no more memory than a small one.
import { Readable } from 'node:stream';

const LINE = 'This page is made of the same line as often as its size asks for.\n';
const BLOCK = Buffer.from(LINE.repeat(Math.ceil(65_536 / LINE.length)));

/** A body of exactly `size` bytes. */
export function pageOfSize(size: number): Buffer | Readable {
  return size <= BLOCK.length ? BLOCK.subarray(0, size) : Readable.from(blocks(size));
}

function* blocks(size: number): Generator<Buffer> {
  for (let left = size; left > 0; left -= BLOCK.length) yield BLOCK.subarray(0, left);
}
