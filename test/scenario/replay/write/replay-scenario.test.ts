import { expect } from 'chai';
import { parse } from 'yaml';
import { captureScript } from '../../../../src/scenario/replay/capture-script.ts';
import { readPacketList } from '../../../../src/scenario/replay/packet-list/read-packet-list.ts';
import type { ReplayLevel } from '../../../../src/scenario/replay/replay-script.ts';
import { replayScenario } from '../../../../src/scenario/replay/write/replay-scenario.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import {
  ENDS,
  type MadePacket,
  captureOf,
  datagram,
  handshake,
  segment,
  text,
  valueOf,
} from '../made-capture.ts';

const written = (packets: readonly MadePacket[], level: ReplayLevel = 'payload'): string =>
  replayScenario({
    file: 'traffic.pcap',
    script: valueOf(captureScript(captureOf(packets), { level, flows: [], fill: true })),
  });

const BINARY = Uint8Array.from({ length: 30 }, (_, index) => index * 8);

const EXCHANGE = [
  ...handshake(0),
  segment(10.5, 'client', { sequence: 1, payload: text('GET / HTTP/1.1\r\n\r\n') }),
  segment(12.25, 'server', { sequence: 1, payload: Uint8Array.of(0, 255) }),
  segment(13, 'server', { sequence: 3, payload: BINARY }),
  segment(20, 'client', { flags: TCP_FLAG.FIN | TCP_FLAG.ACK, sequence: 19 }),
];

describe('replayScenario()', () => {
  it('writes hosts, a network, a script, captures and expectations that a person can read', () => {
    expect(written(EXCHANGE)).to.equal(`# From traffic.pcap by "runner import".
version: 1
name: traffic
description: Plays traffic.pcap again.

hosts: { client: {}, server: {} }
networks: { wire: { members: [client, server] } }

traffic:
  - name: tcp-1
    description: "10.0.0.1:40000 to 10.0.0.2:443, packets 4 to 7"
    between: [client:40000, server:443]
    script:
      - { client: { at: 10.5ms, flush: true, send: "GET / HTTP/1.1\\r\\n\\r\\n" } }
      - { server: { at: 12.25ms, flush: true, send: { hex: 00 ff } } }
      - server:
          at: 13ms
          flush: true
          send: { base64: ${Buffer.from(BINARY).toString('base64')} }
      - { client: { at: 20ms, close: fin } }

captures: [client, server]
expect: [{ flow: tcp-1, failure: null }]
`);
  });

  it('writes segments with flags, numbers, window and options', () => {
    const options = Uint8Array.of(5, 10, 0, 0, 0, 1, 0, 0, 0, 9, 30, 4, 1, 2, 1, 0);
    const scenario: unknown = parse(
      written(
        [
          ...handshake(0),
          segment(3, 'client', { sequence: 0, acknowledgment: 0, options, ttl: 3, window: 7 }),
        ],
        'raw',
      ),
    );
    expect(scenario).to.have.nested.property('traffic[0].transport', 'raw-tcp');
    expect(scenario).to.have.deep.nested.property('traffic[0].script[0].client', {
      flags: 'SYN',
      seq: 4_294_967_280,
      window: 65_535,
      options: [],
    });
    expect(scenario).to.have.deep.nested.property('traffic[0].script[3].client', {
      at: '3ms',
      flags: 'PSH+ACK',
      seq: 'isn',
      ackNumber: 'isn',
      window: 7,
      ttl: 3,
      options: [{ sack: [[1, 9]] }, { raw: { number: 30, hex: '0102' } }, 'nop'],
    });
  });

  it('writes whole packets between hosts without ports', () => {
    const [packet] = [datagram(0, 'client', text('x'))];
    const scenario: unknown = parse(written([packet], 'packet'));
    expect(scenario).to.have.deep.nested.property('traffic[0].between', ['client', 'server']);
    expect(scenario).to.have.nested.property('traffic[0].transport', 'raw-ip');
    expect(scenario).to.have.nested.property(
      'traffic[0].script[0].client.send.base64',
      Buffer.from(packet.bytes).toString('base64'),
    );
  });

  it('gives each address a host, each conversation its time, and no pair of ports twice', () => {
    const other = { ...ENDS, client: { address: '10.0.0.9', port: 1 } };
    const scenario: unknown = parse(
      written([
        ...EXCHANGE,
        datagram(100, 'client', text('x'), other),
        segment(250, 'client', { flags: TCP_FLAG.SYN, sequence: 900 }),
        segment(251, 'client', { sequence: 901, payload: text('again') }),
      ]),
    );
    expect(scenario).to.have.deep.property('hosts', { client: {}, server: {}, 'client-2': {} });
    expect(scenario).to.have.deep.nested.property('traffic[1].between', [
      'client-2:1',
      'server:443',
    ]);
    expect(scenario).to.have.nested.property('traffic[1].at', '100ms');
    expect(scenario).to.have.nested.property('traffic[1].transport', 'udp');
    expect(scenario).to.have.deep.nested.property('traffic[2].between', ['client', 'server:443']);
  });

  it('makes the network large enough, of the right family, and the play long enough', () => {
    const six = {
      client: { address: 'fd00::1', port: 9 },
      server: { address: 'fd00::2', port: 99 },
    };
    const scenario: unknown = parse(
      written([
        datagram(0, 'client', new Uint8Array(3000), six),
        datagram(50_000, 'client', text('x'), six),
      ]),
    );
    expect(scenario).to.have.deep.nested.property('networks.wire', {
      members: ['client', 'server'],
      ipv6: true,
      mtu: 3048,
    });
    expect(scenario).to.have.nested.property('traffic[0].family', 6);
    expect(scenario).to.have.nested.property('traffic[0].timeout', '80000ms');
  });

  it('writes what was made up and left out at the top', () => {
    const capture = captureOf(EXCHANGE).subarray(0, -4);
    const options = { level: 'payload', flows: [], fill: true } as const;
    const lost = captureScript(capture, options);
    expect(lost.ok).to.equal(true);
    const scenario = replayScenario({ file: 'x.pcap', script: valueOf(lost) });
    expect(scenario).to.match(
      /^# From x\.pcap by "runner import"\.\n# The file is cut off or damaged/,
    );
  });

  it('writes delays of lists of packets as they are', () => {
    const { script } = readPacketList(
      'config.json',
      '[{"sender":"client","delay":0.25,"payload":"${params.x}"},{"sender":"server","size":9}]',
    );
    const scenario = script && replayScenario({ file: 'config.json', script });
    expect(scenario).to.contain('between: [client, server:9000]');
    expect(scenario).to.contain(
      '- { client: { after: 250ms, flush: true, send: "$${params.x}" } }',
    );
    expect(scenario).to.contain('- { server: { flush: true, send: { random: 9B } } }');
  });

  for (const [file, name] of [
    ['a b (1).pcapng', 'a-b-1'],
    ['.pcap', 'replay'],
    ['-x-.json', 'x'],
  ] as const)
    it(`calls a scenario of "${file}" ${name}`, () => {
      const script = { level: 'payload', conversations: [], notes: [] } as const;
      expect(replayScenario({ file, script })).to.contain(`name: ${name}\n`);
    });
});
