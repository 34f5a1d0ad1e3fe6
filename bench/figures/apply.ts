import { RUNNER, timeRepeated } from '../command.ts';
import { type Figure, median } from '../figure.ts';
import { inScratch } from '../scenarios.ts';

const RUNS = 5;

/** The demo from the first to the last instruction, everything included. */
export async function measureApply(): Promise<readonly Figure[]> {
  const value = await inScratch(async (out) =>
    median(await timeRepeated([RUNNER, 'apply', 'scenarios/censor.yaml', '--out', out], RUNS)),
  );
  return [{ what: 'apply scenarios/censor.yaml', value, unit: 's', wished: { atMost: 2 } }];
}
