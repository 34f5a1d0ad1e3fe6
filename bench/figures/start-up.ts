import { RUNNER, timeRepeated } from '../command.ts';
import { type Figure, median } from '../figure.ts';

const RUNS = 10;

/** How long the command line takes before it does anything, beside Node doing nothing at all. */
export async function measureStartUp(): Promise<readonly Figure[]> {
  const node = median(await timeRepeated([process.execPath, '-e', '0'], RUNS));
  const beside = (seconds: number): string =>
    `node -e 0: ${node.toFixed(2)} s (${(seconds / node).toFixed(1)}×)`;
  const version = median(await timeRepeated([RUNNER, '--version'], RUNS));
  const validate = median(await timeRepeated([RUNNER, 'validate', 'scenarios/censor.yaml'], RUNS));
  return [
    {
      what: 'runner --version',
      value: version,
      unit: 's',
      wished: { atMost: 0.15 },
      beside: beside(version),
    },
    {
      what: 'runner validate scenarios/censor.yaml',
      value: validate,
      unit: 's',
      wished: { atMost: 0.35 },
      beside: beside(validate),
    },
  ];
}
