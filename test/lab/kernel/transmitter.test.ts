import { expect } from 'chai';
import { runExperiment } from './unshared.ts';

describe('kernel/transmitter and kernel/packet-ring', function () {
  this.timeout(60_000);
  let found: Record<string, unknown>;
  before(async () => {
    found = await runExperiment('./transmitter.experiment.ts');
  });

  for (const [title, key, value] of [
    ['flush() sends every frame', 'isWhole', true],
    ['flush() keeps the order', 'isInOrder', true],
    ['send() counts no frame as lost that an interface took', 'lost', 0],
    ['read() hands over as many frames as the ring holds', 'filled', 2048],
    ['read() overwrites nothing that is held', 'dropped', 10],
    ['release() gives back what was read', 'afterwards', 10],
  ] as const)
    it(title, () => expect(found).to.have.property(key, value));
});
