import { readFileSync } from 'node:fs';
import { Fault } from '../../../base/fault.ts';
import type { CaptureRecord } from '../../../wire/capture-contents.ts';
import { readCapture } from '../../../wire/read-capture.ts';

/** The packets of a capture file. Throws a Fault where it cannot be read, in words that name the file. */
export function loadCapture(path: string): readonly CaptureRecord[] {
  const read = readCapture(bytesOf(path));
  if (!read.ok) throw new Fault('run', `The capture "${path}" cannot be played: ${read.error}`);
  const { damage, records } = read.value;
  if (damage !== null)
    throw new Fault('run', `The capture "${path}" cannot be played whole: ${damage}`);
  return records;
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Fault('run', `The capture "${path}" cannot be read: ${why}`);
  }
}
