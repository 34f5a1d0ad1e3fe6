import { expect } from 'chai';
import { renderScript } from '../../src/scenario/render-script.ts';
import { planOf } from './compile-text.ts';

function rendered(entry: string): string[] {
  const { flows } = planOf(`version: 1
name: lab
hosts: { client: {}, server: {} }
networks: { lab: { subnet: ["fd00:1::/64", 10.10.1.0/24], members: [client, server] } }
traffic: [{ name: talk, ${entry} }]
`);
  const probe = flows[0]?.probe;
  return probe?.kind === 'script' ? renderScript(probe) : [];
}

describe('renderScript()', () => {
  it('tells what each party does, and how bytes leave', () => {
    expect(
      rendered(`between: [client, server:9000], family: 6, script: [
        { client: { send: "hello world", segments: [5], after: 20ms } },
        { server: { expect: { until: d }, as: line, within: 1s } },
        { server: { if: { variable: line, matches: h }, then: [{ send: a }] } },
        { server: { close: reset } }]`),
    ).to.deep.equal([
      'script over tcp  at most 60.0 s a play',
      'client -> server  [fd00:1::1] -> [fd00:1::2]:9000',
      'client: 2 instructions, 11 B sent',
      '  1. send "hello world" (11 B) in segments of 5, 6 bytes  after 20.0 ms',
      '  4. await RST',
      'server: 5 instructions',
      '  1. know "hello world" (11 B)',
      '  2. expect all up to "d" (1 B) as line  within 1.00 s',
      '  3. if line matches /h/: 1 instruction, else 0',
      '  4. await all that is known to come',
      '  4. close by reset',
    ]);
  });

  it('tells what the kernel is kept from, and whose side is left to it', () => {
    expect(
      rendered(`between: [client:4000, server:80], family: 4, transport: raw-tcp, script: [
        { client: { flags: SYN, seq: 7, options: [{ mss: 1200 }], ttl: 3 } }]`),
    ).to.deep.equal([
      'script over raw-tcp  at most 60.0 s a play  ack piggyback, no retransmission, MSS 1460',
      'client -> server  10.10.1.1:4000 -> 10.10.1.2:80',
      "kernel's RST dropped: tcp  10.10.1.1:4000 ↔ 10.10.1.2:80 while the flow lasts, at client",
      'client: 1 instruction',
      '  1. craft SYN, seq 7, options mss, ttl 3',
      'server: left to who listens there',
    ]);
  });

  it('shows the beginning of what is long', () => {
    const lines = rendered(
      'between: [client, server:1], script: [{ loop: { times: 100, steps: [{ client: { send: { random: 1kB } } }] } }]',
    );
    expect(lines).to.include('client: 100 instructions, 100 kB sent');
    expect(lines.filter((line) => line.includes('88 more'))).to.have.length(2);
  });
});
