import type { ArmEvidence, CaptureFile } from '../analysis/evidence.ts';
import type { Arm } from './arm.ts';
import type { Clocks } from '../model/clocks.ts';
import { Fault } from '../base/fault.ts';
import { inside } from './results-name.ts';
import { readFile } from 'node:fs/promises';

/** What the analysis gets of one arm. */
export async function readEvidence(arm: Arm): Promise<ArmEvidence> {
  const { plan, events, observations } = arm;
  const { visits } = arm.record;
  return {
    ...{ plan, captures: await readCaptures(arm), clocks: clocksOf(arm), events, observations },
    ...(visits && { visits }),
  };
}

export const clocksOf = ({ record: { machines } }: Pick<Arm, 'record'>): Clocks =>
  Object.fromEntries(machines.map(({ name, clock }) => [name, clock]));

/** The captures that are there, read whole: the analysis goes back and forth in them. */
export async function readCaptures({ plan, directory }: Arm): Promise<CaptureFile[]> {
  const captures: CaptureFile[] = [];
  for (const { node, network, file } of plan.captures) {
    const bytes = await readCapture(inside(directory, file));
    if (bytes) captures.push({ capture: `${node}.${network}`, node, network, bytes });
  }
  return captures;
}

async function readCapture(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // A run cut off before its captures began has none.
    if (code === 'ENOENT') return null;
    if (code === 'ERR_FS_FILE_TOO_LARGE')
      throw new Fault('run', `The capture "${path}" is too large to analyse: more than 2 GiB`, {
        help: 'Capture less: give it a "filter" or a smaller "snaplen", or name fewer nodes',
        cause: error,
      });
    throw new Fault('run', `The capture "${path}" cannot be read: ${String(error)}`, {
      cause: error,
    });
  }
}
