import { expect } from 'chai';
import { leaksScript, sinkScript } from '../../../src/agent/build/mirror-rules.ts';
import type { MirrorAnswers } from '../../../src/model/mirror.ts';

const ANSWERS: MirrorAnswers = {
  mirror: 'shadow_1',
  protocol: 'tcp',
  addresses: ['10.191.0.2', 'fd91::2'],
  port: 10_231,
  clients: ['10.190.0.0/16', 'fd90::/16'],
};

describe('agent/build/mirror-rules', () => {
  it('sinkScript() drops what the target answers, in each family, before anything is decided', () =>
    expect(sinkScript(ANSWERS).split('\n')).to.deep.equal([
      'add table inet runner',
      'add counter inet runner mirror-sunk-shadow_5f_1',
      'add chain inet runner mirror-sink { type filter hook prerouting priority raw; }',
      'add rule inet runner mirror-sink ip saddr { 10.191.0.2 } ip daddr { 10.190.0.0/16 } tcp sport 10231 counter name mirror-sunk-shadow_5f_1 drop',
      'add rule inet runner mirror-sink ip6 saddr { fd91::2 } ip6 daddr { fd90::/16 } tcp sport 10231 counter name mirror-sunk-shadow_5f_1 drop',
      '',
    ]));

  it('leaksScript() counts it, and has no rule in a family that has no clients', () =>
    expect(leaksScript({ ...ANSWERS, clients: ['fd90::7'] })).to.match(
      /^[^\n]+\n[^\n]+\n[^\n]+\nadd rule inet runner mirror-leaks ip6 saddr \{ fd91::2 \} ip6 daddr \{ fd90::7 \} tcp sport 10231 counter name mirror-leaked-shadow_5f_1\n$/,
    ));
});
