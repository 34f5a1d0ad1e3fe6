import { expect } from 'chai';
import { DEFAULT_MIRROR, MIRROR_LIMITS, MIRROR_TIMEOUTS } from '../../src/model/mirror-defaults.ts';
import type { PlanMirror } from '../../src/model/mirror.ts';
import { renderMirror } from '../../src/scenario/render-mirror.ts';

const SHADOW: PlanMirror = {
  ...DEFAULT_MIRROR,
  name: 'shadow',
  online: { node: 'online', addresses: ['10.1.0.2', '10.1.0.9'], port: 9999 },
  target: { node: 'target', addresses: ['10.1.0.3'], port: 10_231 },
  assistant: 'assistant',
};

describe('renderMirror()', () => {
  it('says what is captured where, and of what was not asked for nothing', () => {
    expect(renderMirror(SHADOW, 1)).to.deep.equal([
      'shadow  packet  tcp  online 10.1.0.2 10.1.0.9 port 9999 -> target 10.1.0.3 port 10231',
      '  clients are captured at online: tcp and dst port 9999 and (dst host 10.1.0.2 or dst host 10.1.0.9)',
      '  answers are captured at assistant: tcp and src port 10231 and (src host 10.1.0.3)',
      '  and are told to online, TCP port 36525',
      '  copies every session',
    ]);
  });

  it('says where there is no third machine, or nothing is captured', () => {
    const [, , alone] = renderMirror({ ...SHADOW, assistant: 'target' }, 0);
    expect(alone).to.include('answers are captured at target itself, as they leave: ');
    const stream = renderMirror({ ...SHADOW, mode: 'stream', assistant: 'online' }, 0);
    expect(stream.slice(1)).to.deep.equal([
      '  online passes connections on, with one of its own to target for each',
      '  copies every session',
    ]);
  });

  it('says all that was asked for', () => {
    const lines = renderMirror(
      {
        ...SHADOW,
        clients: ['10.190.0.0/16', '10.191.7.12/32'],
        mapped: ['10.200.0.0/16'],
        multiply: 3,
        sample: 0.1,
        ramp: 30_000,
        fullSessions: true,
        order: 'none',
        timeouts: { ...MIRROR_TIMEOUTS, stall: 5000 },
        limits: { ...MIRROR_LIMITS, sessionBytes: 1_048_576, reopens: 1 },
        source: { kind: 'capture', file: 'clients.pcap', speed: 2 },
        compare: { protocol: 'postgres', ignoreHeaders: ['x-id'], limit: 7 },
        hook: {
          kind: 'postgres',
          passwords: [
            { user: 'app', variable: 'APP' },
            { user: '*', variable: 'OTHERS' },
          ],
        },
      },
      0,
    );
    expect(lines[1]).to.include('clients of 10.190.0.0/16 10.191.7.12/32 are captured');
    expect(lines.slice(4)).to.deep.equal([
      '  copies 10% of the sessions, grown to within 30.0 s, 3 times each, from 10.200.0.0/16, those alone whose beginning was seen, without waiting for answers',
      '  clients are those of clients.pcap, 2 times as fast',
      '  timeouts stall 5.00 s',
      '  limits sessionBytes 1.05 MB, reopens 1',
      '  compares answers of postgres, without x-id, lists 7 differences at most',
      '  PostgreSQL: app authenticated anew, password in APP',
      '  PostgreSQL: other users authenticated anew, password in OTHERS',
    ]);
  });
});
