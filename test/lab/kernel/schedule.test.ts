import { expect } from 'chai';
import { runExperiment } from './unshared.ts';

describe('kernel/schedule', () => {
  it('hurry() asks for the shortest turns, and takes no priority away', async () => {
    expect(await runExperiment('./schedule.experiment.ts')).to.deep.equal({
      turn: 100_000,
      isSooner: true,
    });
  });
});
