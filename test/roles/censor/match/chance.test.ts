import { expect } from 'chai';
import { Chance } from '../../../../src/roles/censor/match/chance.ts';
import { compileRule } from '../../../../src/roles/censor/match/rule.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { DROP, V4, clientData, serverData, sniRule, text } from '../playbook.ts';

function draws(probability: number, seed: number, packet: Uint8Array, isForward: boolean): string {
  const rule = compileRule(sniRule(DROP, { probability }), 0, seed);
  const chance = new Chance(seed);
  const view = new PacketView();
  view.load(packet, 0, packet.length);
  return Array.from({ length: 64 }, () => (chance.draw(rule, view, isForward) ? '1' : '0')).join(
    '',
  );
}

const forward = clientData(V4, text('x'));

describe('roles/censor/chance', () => {
  it('draw() is certain at the ends', () => {
    expect(draws(0, 1, forward, true)).to.equal('0'.repeat(64));
    expect(draws(1, 1, forward, true)).to.equal('1'.repeat(64));
  });

  it('draw() depends on the seed and the flow, not on direction or the client’s port', () => {
    const wish = draws(0.5, 1, forward, true);
    expect(wish).to.include('0').and.to.include('1');
    expect(draws(0.5, 1, clientData({ ...V4, clientPort: 5 }, text('x')), true)).to.equal(wish);
    expect(draws(0.5, 1, serverData(V4, text('x')), false)).to.equal(wish);
    expect(draws(0.5, 2, forward, true)).not.to.equal(wish);
    expect(draws(0.5, 1, clientData({ ...V4, server: '10.0.0.3' }, text('x')), true)).not.to.equal(
      wish,
    );
  });
});
