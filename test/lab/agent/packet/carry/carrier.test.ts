import { expect } from 'chai';
import { runExperiment } from '../../../kernel/unshared.ts';

describe('Carrier', function () {
  this.timeout(30_000);

  it('settle() opens no interface where another refuses', async () => {
    expect(await runExperiment('../agent/packet/carry/carrier.experiment.ts')).to.deep.equal({
      hadFilter: true,
      isClosed: true,
      flows: 0,
    });
  });
});
