import { expect } from 'chai';
import { parseIp } from '../../../../src/base/addresses.ts';
import { ok } from '../../../../src/base/result.ts';
import type { ScriptSpec } from '../../../../src/model/script.ts';
import { buildTcp } from '../../../../src/wire/build.ts';
import { LINKTYPE, encodePcapRecord, writePcapHeader } from '../../../../src/wire/pcap.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import { compileText, mustPlan } from '../../compile-text.ts';

const { SYN, ACK, PSH, FIN } = TCP_FLAG;

const address = (text: string): Parameters<typeof buildTcp>[0]['source'] => {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};

/** A connection from 192.0.2.1:5000 to 192.0.2.2:443: milliseconds, whether the client sends, flags, numbers, payload. */
const PACKETS: readonly (readonly [number, boolean, number, number, number, number])[] = [
  [0, true, SYN, 100, 0, 0],
  [1, false, SYN | ACK, 500, 101, 0],
  [2, true, ACK, 101, 501, 0],
  [10, true, PSH | ACK, 101, 501, 20],
  [30, false, PSH | ACK, 501, 121, 3000],
  [31, true, ACK, 121, 3501, 0],
  [40, true, FIN | ACK, 121, 3501, 0],
  [41, false, FIN | ACK, 3501, 122, 0],
  [42, true, ACK, 122, 3502, 0],
];

function capture(): Uint8Array {
  const client = { address: address('192.0.2.1'), port: 5000 };
  const server = { address: address('192.0.2.2'), port: 443 };
  const records = PACKETS.map(([at, isClient, flags, sequence, acknowledgment, size]) => {
    const [from, to] = isClient ? [client, server] : [server, client];
    const packet = buildTcp({
      ...{ source: from.address, destination: to.address, sourcePort: from.port },
      ...{ destinationPort: to.port, sequence, acknowledgment, flags },
      payload: new Uint8Array(size).fill(size & 0xff),
    });
    return encodePcapRecord(1_700_000_000_000_000 + at * 1000, packet);
  });
  return Buffer.concat([writePcapHeader(LINKTYPE.LINKTYPE_RAW), ...records]);
}

function replayOf(replay: string, between = '[client, server]'): ScriptSpec {
  const compilation = compileText(
    `version: 1
name: lab
hosts: { client: {}, server: {} }
networks: { lab: { subnet: 10.10.1.0/24, members: [client, server] } }
traffic: [{ name: again, between: ${between}, replay: { file: a.pcap, ${replay} } }]
`,
    {},
    { readBytes: () => ok(capture()) },
  );
  const probe = mustPlan(compilation).flows[0]?.probe;
  if (probe?.kind !== 'script') throw new Error('The replay is no script');
  return probe;
}

const lines = ({ parties }: ScriptSpec, party: string): string[] =>
  (parties.find(({ name }) => name === party)?.program ?? []).flatMap((item) => {
    if (item.op === 'close') return [`${item.at ?? ''} close ${item.how}`];
    if (item.op !== 'send' || item.payload.kind !== 'base64') return [];
    const bytes = Buffer.from(item.payload.base64, 'base64').length;
    return [`${item.at ?? ''} ${bytes} in ${JSON.stringify(item.framing)}`];
  });

describe('resolveReplay()', () => {
  it('plays the bytes of a capture at their times, to the port that they went to', () => {
    const script = replayOf('');
    expect(script.transport).to.equal('tcp');
    expect(script.channels[0]?.destination).to.deep.equal({ address: '10.10.1.2', port: 443 });
    expect(lines(script, 'client')[0]).to.equal('10 20 in []');
    // 3,000 bytes at once are a segment that the sender's card made several of.
    expect(lines(script, 'server')[0]).to.equal('30 3000 in 3');
    expect(lines(script, 'client').at(-1)).to.match(/^40 close/);
  });

  it('plays it to another port, at another pace, or as fast as it goes', () => {
    expect(replayOf('', '[client, server:8443]').channels[0]?.destination.port).to.equal(8443);
    expect(lines(replayOf('speed: 10'), 'client')[0]).to.equal('1 20 in []');
    expect(lines(replayOf('speed: flat-out'), 'client')[0]).to.equal(' 20 in []');
  });

  it('plays the packets themselves', () => {
    const script = replayOf('level: packet');
    expect(script.transport).to.equal('raw-ip');
    expect(lines(script, 'client')[0]).to.equal('0 40 in "stream"');
    expect(lines(script, 'client')).to.have.length(6);
    expect(lines(script, 'server')).to.have.length(3);
  });

  it('plays the conversation that is asked for', () => {
    expect(lines(replayOf('flow: "tcp:443"'), 'client')).to.not.deep.equal([]);
    expect(() => replayOf('flow: "udp:53"')).to.throw(/S162.*Cannot replay "a.pcap"/);
  });
});
