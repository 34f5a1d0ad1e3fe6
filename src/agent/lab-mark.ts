// The lab's mark: a memory file that tells whoever may read this process's descriptors which lab it is.
import { ftruncateSync, writeSync } from 'node:fs';
import { createMemoryFile } from '../kernel/process.ts';
import { LAB_MARK_NAME, type LabMark } from '../model/lab-mark.ts';

/** Publishes the mark; each later call of what it gives back replaces part of it. */
export function publishMark(first: LabMark): (change: Partial<LabMark>) => void {
  const file = createMemoryFile(LAB_MARK_NAME);
  let mark = first;
  const write = (): void => {
    const text = Buffer.from(JSON.stringify(mark));
    writeSync(file, text, 0, text.length, 0);
    ftruncateSync(file, text.length);
  };
  write();
  return (change) => {
    mark = { ...mark, ...change };
    write();
  };
}
