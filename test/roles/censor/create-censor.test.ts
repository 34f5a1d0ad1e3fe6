import { expect } from 'chai';
import { DEFAULT_CENSOR } from '../../../src/model/censor-defaults.ts';
import { createCensor } from '../../../src/roles/censor/create-censor.ts';
import { DROP, V4, datagram, rule, text } from './playbook.ts';

describe('roles/censor/create-censor', () => {
  it('createCensor() makes an in-path censor that counts what it judges', () => {
    const censor = createCensor('gfw', { ...DEFAULT_CENSOR, rules: [rule([], DROP)] }, 1);
    const packet = datagram(V4, text('x'));
    const events: string[] = [];
    const effects = {
      emit: () => undefined,
      report: (event: { censor: string }) => events.push(event.censor),
    };
    expect(censor.judge(packet, 0, packet.length, 0, effects)).to.equal('drop');
    expect(events).to.deep.equal(['gfw', 'gfw']);
    expect(censor.statistics).to.deep.include({
      packets: 1,
      bytes: packet.length,
      flows: 1,
      known: 1,
      evicted: 0,
      unparsable: 0,
      rules: [{ name: 'forbidden', hits: 1 }],
      actions: { drop: 1 },
    });
  });
});
