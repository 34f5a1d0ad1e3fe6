// The logs in a lab's folder as they grow, until the lab ends.
import { setTimeout as sleep } from 'node:timers/promises';
import { type LabRecord, isLive, stillRuns } from '../../lab/list.ts';
import { print } from '../terminal.ts';
import { logFiles } from './log-files.ts';
import { LogTail } from './log-tail.ts';

/** Milliseconds between two looks. */
const LOOK_MS = 200;

/** Prints what there is and what comes; settles when nothing can come any more. Throws a fault when there is nothing to read. */
export async function followLogs(
  lab: LabRecord,
  isWanted: (node: string) => boolean,
): Promise<void> {
  const tails = new Map<string, LogTail>();
  const open = (): void => {
    for (const file of logFiles(lab, isWanted))
      if (!tails.has(file.path)) tails.set(file.path, new LogTail(file));
  };
  const tell = (): void => {
    for (const tail of tails.values()) print(tail.news());
  };
  open();
  tell();
  while (isLive(lab) && stillRuns(lab)) {
    await sleep(LOOK_MS);
    try {
      open();
    } catch {
      // The folder is moved when a run ends, and goes with a lab of `up`. What is open can be read all the same.
    }
    tell();
  }
  for (const tail of tails.values()) print(tail.end());
}
