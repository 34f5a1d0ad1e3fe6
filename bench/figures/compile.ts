import { RUNNER, timeRepeated } from '../command.ts';
import { type Figure, median } from '../figure.ts';
import { inScratch, writeStar } from '../scenarios.ts';

const RUNS = 3;

/** The whole command, from the text of a scenario of 1,000 hosts to its plan as JSON. */
export async function measureCompile(): Promise<readonly Figure[]> {
  const value = await inScratch(async (folder) =>
    median(await timeRepeated([RUNNER, 'plan', writeStar(folder, 1000), '--json'], RUNS)),
  );
  return [{ what: 'compile 1,000 hosts', value, unit: 's', wished: { atMost: 1.5 } }];
}
