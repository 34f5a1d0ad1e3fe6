import { readFileSync, readdirSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { PACKET_LIST_CODES } from '../../../../src/scenario/replay/packet-list/codes.ts';
import { readPacketList } from '../../../../src/scenario/replay/packet-list/read-packet-list.ts';
import type { ReplayConversation } from '../../../../src/scenario/replay/replay-script.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import { linesOf } from '../made-capture.ts';

const conversationOf = (value: unknown): ReplayConversation => {
  const { script, diagnostics } = readPacketList('config.json', JSON.stringify(value, null, 1));
  expect(diagnostics).to.deep.equal([]);
  const [conversation] = script?.conversations ?? [];
  if (conversation === undefined) throw new Error('no conversation');
  return conversation;
};

const faultsOf = (text: string): readonly string[] =>
  readPacketList('config.json', text).diagnostics.map(
    ({ code, span, message }) => `${code} ${span.line}:${span.column} ${message}`,
  );

const stepOf = (packet: unknown): unknown => conversationOf([packet]).steps[0];

describe('readPacketList()', () => {
  it('reads a list of senders, delays in seconds and payloads', () => {
    const { script } = readPacketList(
      'config.json',
      '[\n\t{"sender": "client", "delay": 0.5, "payload": "GET /"},\n\t{"sender": "server", "delay_ms": 20, "payload": "ok"}\n]',
    );
    expect(script?.conversations[0]).to.deep.include({
      transport: 'tcp',
      client: { address: '192.0.2.1', port: 0 },
      server: { address: '192.0.2.2', port: 9000 },
    });
    expect(script && linesOf(script)).to.deep.equal([
      '500 client send GET /',
      '520 server send ok',
    ]);
    expect(script?.conversations[0]?.steps.map(({ after }) => after)).to.deep.equal([500, 20]);
  });

  it('reads a map with the list, the transport and the ends', () => {
    const conversation = conversationOf({
      transport: 'UDP',
      src: '10.1.0.1',
      sport: 4000,
      dst: '10.1.0.2',
      dport: '5000',
      packets: [
        { sender: '10.1.0.2', payload: '' },
        { sender: 0, payload: 'a' },
      ],
    });
    expect(conversation).to.deep.include({
      transport: 'udp',
      protocol: 17,
      client: { address: '10.1.0.1', port: 4000 },
      server: { address: '10.1.0.2', port: 5000 },
    });
    expect(conversation.steps.map(({ party }) => party)).to.deep.equal(['server', 'client']);
  });

  it('takes the first of two addresses to send for the client', () => {
    const { steps } = conversationOf([
      { sender: '192.0.2.9', payload: 'a' },
      { sender: 'fd00::1', payload: 'b' },
      { sender: '192.0.2.9', payload: 'c' },
    ]);
    expect(steps.map(({ party }) => party)).to.deep.equal(['client', 'server', 'client']);
  });

  for (const [name, packet, bytes] of [
    ['text', { payload: 'é\r\n' }, [0xc3, 0xa9, 13, 10]],
    ['hexadecimal digits after 0x', { payload: '0x00ff' }, [0, 255]],
    ['hexadecimal digits', { payload: '16 03:01', encoding: 'hex' }, [22, 3, 1]],
    ['payload_hex', { payload_hex: 'ff' }, [255]],
    ['base64', { payload: 'AP8=', encoding: 'base64' }, [0, 255]],
    ['payload_base64', { payload_base64: 'AP8=' }, [0, 255]],
    ['Latin-1', { data: 'é', encoding: 'latin1' }, [0xe9]],
    ['text that looks like digits', { payload: '0x00', encoding: 'text' }, [48, 120, 48, 48]],
    ['numbers', { payload: [0, 255] }, [0, 255]],
  ] as const)
    it(`reads payloads as ${name}`, () => {
      expect(stepOf({ sender: 'client', ...packet })).to.deep.include({
        payload: { kind: 'bytes', bytes: Uint8Array.from(bytes) },
      });
    });

  it('takes a size alone for random bytes', () => {
    expect(stepOf({ sender: 'server', size: 1400 })).to.deep.include({
      payload: { kind: 'random', size: 1400 },
    });
  });

  for (const flags of ['SYN+ACK', 'syn|ack', 'SA', 'S.', ['SYN', 'ACK']])
    it(`reads flags written ${JSON.stringify(flags)}, which make segments of packets`, () => {
      const { transport, steps } = conversationOf([
        { sender: 'client', flags },
        { sender: 'client' },
        { sender: 'client', payload: 'x' },
      ]);
      expect(transport).to.equal('raw-tcp');
      expect(steps.map((step) => step.kind === 'segment' && step.flags)).to.deep.equal([
        TCP_FLAG.SYN | TCP_FLAG.ACK,
        TCP_FLAG.ACK,
        TCP_FLAG.PSH | TCP_FLAG.ACK,
      ]);
    });

  it('adds the delay of a packet of nothing to that of the next', () => {
    const { steps } = conversationOf([
      { sender: 'client', delay: 1 },
      { sender: 'client', delay: 2, payload: 'x' },
    ]);
    expect(steps.map(({ at, after }) => [at, after])).to.deep.equal([[3000, 3000]]);
  });

  const packet = (rest: string): string => `[\n  {"sender": "client", ${rest}}\n]`;
  for (const [text, fault] of [
    ['[]', 'P001 1:1 Expected a list of packets, found none'],
    ['{"packets": {}}', 'P001 1:1 Expected a list of packets, found none'],
    ['[1]', 'P003 1:2 Expected a packet such as {"sender": "client", "payload": "hello"}'],
    ['[\n  {"payload": "x"}\n]', 'P002 2:3 Expected a sender: "client" or "server"'],
    [
      '[{"sender": "klient"}]',
      'P002 1:13 Expected "client", "server" or one of two addresses, found "klient"',
    ],
    [
      '[{"sender":"10.0.0.1"},{"sender":"10.0.0.2"},{"sender":"10.0.0.3"}]',
      'P002 1:56 Expected "client", "server" or one of two addresses, found "10.0.0.3"',
    ],
    [
      packet('"delay": -1'),
      'P003 2:33 Expected a delay that is not negative: seconds in "delay", milliseconds in "delay_ms"',
    ],
    [
      packet('"payload_hex": "abc"'),
      'P003 2:39 Expected an even number of hexadecimal digits such as "16 03 01"',
    ],
    [packet('"payload_base64": "abc"'), 'P003 2:42 Expected base64 such as "aGVsbG8="'],
    [packet('"payload": [1, 256]'), 'P003 2:35 Expected numbers from 0 to 255'],
    [
      packet('"payload": {"a": 1}'),
      'P003 2:35 Expected a payload that is text, or a list of numbers',
    ],
    [
      packet('"payload": "x", "encoding": "rot13"'),
      'P003 2:35 Expected the encoding text, hex, base64 or latin1, found "rot13"',
    ],
    [packet('"size": 99999999'), 'P003 2:32 Expected a size in bytes, up to 16777216'],
    [packet('"flags": "SYM"'), 'P003 2:33 Expected flags of TCP such as "SYN+ACK", found "SYM"'],
    [packet('"paylod": "x"'), 'P004 2:24 A packet has no key "paylod"'],
    [
      '{"transport": "icmp", "packets": [{"sender": 0}]}',
      'P003 1:15 Expected the transport tcp, udp or raw-tcp, found "icmp"',
    ],
    [
      '{"transport": "udp", "packets": [{"sender": 0, "flags": "S"}]}',
      "P003 1:15 Flags are TCP's, and the transport is not",
    ],
    [
      '{"src": "here", "packets": [{"sender": 0}]}',
      'P003 1:9 Expected an IPv4 or IPv6 address, found "here"',
    ],
    [
      '{"dport": 70000, "packets": [{"sender": 0}]}',
      'P003 1:11 Expected a port from 1 to 65535, found "70000"',
    ],
  ] as const)
    it(`says what is wrong with ${JSON.stringify(text)}`, () => {
      expect(faultsOf(text)).to.deep.equal([fault]);
    });

  it('says where the JSON breaks off', () => {
    expect(faultsOf('[{"sender": "client",')).to.have.length(1);
    expect(faultsOf('[{"sender": "client"}\n {"sender": "server"}]')[0]).to.match(/^S0\d\d 2:\d+ /);
  });

  it('has a page for every code', () => {
    const pages = readdirSync('docs/diagnostics').filter((name) => /^P\d/.test(name));
    expect(pages).to.deep.equal(Object.keys(PACKET_LIST_CODES).map((code) => `${code}.md`));
    const list = readFileSync('docs/diagnostics/README.md', 'utf8');
    for (const [code, title] of Object.entries(PACKET_LIST_CODES)) {
      const page = readFileSync(`docs/diagnostics/${code}.md`, 'utf8');
      expect(page).to.match(new RegExp(`^# ${code}: ${title}\n`));
      expect(list).to.contain(`- [${code}](${code}.md): ${title}\n`);
    }
  });

  it('does not throw, whatever the JSON', () => {
    const key = fc.constantFrom('sender', 'delay', 'payload', 'flags', 'size', 'encoding', 'src');
    const json = fc.oneof(
      fc.json(),
      fc.array(fc.dictionary(key, fc.jsonValue())).map((list) => JSON.stringify(list)),
    );
    fc.assert(
      fc.property(json, (text) => {
        const { script, diagnostics } = readPacketList('x', text);
        expect(script !== undefined || diagnostics.length > 0).to.equal(true);
      }),
    );
  });
});
