import { expect } from 'chai';
import { createCensor } from '../../../src/roles/censor/create-censor.ts';
import { DROP, V4, datagram, rule, text } from './playbook.ts';

describe('roles/censor/create-censor', () => {
  it('createCensor() makes an in-path censor that counts what it judges', () => {
    const censor = createCensor('gfw', { rules: [rule([], DROP)], onError: 'pass' }, 1);
    const packet = datagram(V4, text('x'));
    const events: string[] = [];
    const effects = {
      emit: () => undefined,
      report: (event: { censor: string }) => events.push(event.censor),
    };
    expect(censor.judge(packet, 0, packet.length, 0, effects)).to.equal('drop');
    expect(events).to.deep.equal(['gfw', 'gfw']);
    expect(censor.counters).to.include({ packets: 1, flows: 1, unparsable: 0 });
    expect(censor.evictedFlows).to.equal(0);
  });
});
