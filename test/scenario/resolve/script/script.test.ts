import { expect } from 'chai';
import type { Instruction, ScriptSpec } from '../../../../src/model/script.ts';
import { compileText, mustPlan, placesOf } from '../../compile-text.ts';

const LAB = `version: 1
name: lab
hosts: { client: {}, middle: {}, server: {} }
networks:
  inside: { subnet: [10.10.1.0/24, "fd00:1::/64"], members: [client, middle] }
  outside: { subnet: [10.10.2.0/24, "fd00:2::/64"], members: [middle, server], mtu: 1400 }
traffic:
`;

function scriptOf(entry: string, files: Readonly<Record<string, string>> = {}): ScriptSpec {
  const { flows } = mustPlan(compileText(`${LAB}  - { name: flow, ${entry} }\n`, files));
  const probe = flows[0]?.probe;
  if (probe?.kind !== 'script') throw new Error('The flow is no script');
  return probe;
}

const programOf = (script: ScriptSpec, party: string): readonly Instruction[] =>
  script.parties.find(({ name }) => name === party)?.program ?? [];
const firstOf = (entry: string, party = 'client'): Instruction | undefined =>
  programOf(scriptOf(entry), party)[0];
const STEP = { step: '1', after: 0, at: null, within: null };

describe('resolveScript()', () => {
  it('gives channels the addresses and ports that the kernel would use', () => {
    const step = 'script: [{ client: { send: a } }]';
    expect(scriptOf(`between: [client:4000, server:9000], ${step}`).channels).to.deep.equal([
      {
        ...{ from: 'client', to: 'server' },
        source: { address: '10.10.1.1', port: 4000 },
        destination: { address: '10.10.2.2', port: 9000 },
      },
    ]);
    expect(
      scriptOf(`between: [client, server], transport: tls, family: 6, ${step}`).channels[0],
    ).to.deep.include({
      source: { address: 'fd00:1::1', port: 0 },
      destination: { address: 'fd00:2::2', port: 443 },
    });
  });

  it('gives raw ends that the file gives no port ports that nobody else has', () => {
    const { flows } = mustPlan(
      compileText(`${LAB}
  - { name: a, between: [client, server:50000], transport: raw-tcp, script: [{ client: { send: a } }] }
  - { name: b, between: [client, server], transport: raw-udp, script: [{ client: { send: a } }] }
`),
    );
    const ports = flows.flatMap(({ probe }) =>
      probe.kind === 'script'
        ? probe.channels.flatMap(({ source, destination }) => [source.port, destination.port])
        : [],
    );
    expect(ports).to.deep.equal([50_001, 50_000, 50_002, 50_003]);
  });

  it('names parties as the file does, and lets several connect to one', () => {
    const script = scriptOf(
      `between: [alice, client, server:9000], parties: { alice: client, carol: middle, bob: server },
       script: [{ alice: { send: a } }]`.replace('client, server', 'carol, server'),
    );
    expect(script.parties.map(({ name, node }) => `${name}@${node}`)).to.deep.equal([
      'alice@client',
      'bob@server',
      'carol@middle',
    ]);
    expect(script.channels.map(({ from, to }) => `${from}-${to}`)).to.deep.equal([
      'alice-bob',
      'carol-bob',
    ]);
  });

  it('reads payloads of every kind', () => {
    const sent = (payload: string, files: Record<string, string> = {}): unknown => {
      const script = scriptOf(
        `between: [client, server:1], script: [{ client: { send: ${payload} } }]`,
        files,
      );
      const first = programOf(script, 'client')[0];
      return first?.op === 'send' ? first.payload : undefined;
    };
    expect(sent('hello')).to.deep.equal({ kind: 'text', text: 'hello' });
    expect(sent("{ hex: 'ff 00:0a' }")).to.deep.equal({ kind: 'base64', base64: '/wAK' });
    expect(sent('{ base64: "/w AK" }')).to.deep.equal({ kind: 'base64', base64: '/wAK' });
    expect(sent('{ file: a.txt }', { 'a.txt': 'foo' })).to.deep.equal({
      kind: 'base64',
      base64: 'Zm9v',
    });
    expect(sent('{ random: 2kB }')).to.deep.equal({
      ...{ kind: 'random', size: 2000, name: 'flow/1' },
    });
    expect(sent('{ template: "a" }')).to.deep.equal({ kind: 'template', parts: [{ text: 'a' }] });
  });

  it('frames what is flushed and split', () => {
    const framed = (keys: string): unknown => {
      const first = firstOf(
        `between: [client, server:1], script: [{ client: { send: { random: 3000B }, ${keys} } }]`,
      );
      return first?.op === 'send' ? first.framing : undefined;
    };
    expect(framed('flush: false')).to.equal('stream');
    // The MTU on the way is 1400: 1400 less 40 of headers and 12 of timestamps.
    expect(framed('flush: true')).to.equal(3);
    expect(framed('segments: 3')).to.equal(3);
    expect(framed('segments: [1000, 1000]')).to.deep.equal([1000, 1000, 1000]);
  });

  it('reads times', () => {
    expect(
      firstOf(
        'between: [client, server:1], script: [{ client: { send: a, after: 5ms, at: 1s, within: 2s } }]',
      ),
    ).to.deep.include({ after: 5, at: 1000, within: 2000 });
    expect(
      firstOf('between: [client, server:1], script: [{ client: { wait: 1s } }]'),
    ).to.deep.equal({ ...STEP, after: 1000, op: 'wait' });
  });

  it('unrolls loops, with steps and random bytes of their own for each turn', () => {
    const script = scriptOf(`between: [client, server:1], script:
      [{ loop: { times: 2, steps: [{ loop: { times: 2, steps: [{ client: { send: { random: 1B } } }] } }] } }]`);
    expect(
      programOf(script, 'client').map((item) =>
        item.op === 'send' && item.payload.kind === 'random'
          ? `${item.step} ${item.payload.name}`
          : '',
      ),
    ).to.deep.equal([
      '1.1.1#1#1 flow/1.1.1#1#1',
      '1.1.1#1#2 flow/1.1.1#1#2',
      '1.1.1#2#1 flow/1.1.1#2#1',
      '1.1.1#2#2 flow/1.1.1#2#2',
    ]);
  });

  it('crafts segments where a field is given, and tells the stack what it is told', () => {
    const script = scriptOf(`between: [client:4000, server:1], transport: raw-tcp, script: [
      { client: { flags: PSH+ACK, send: hi, seq: isn+1, ackNumber: "-2", ttl: 3, ack: piggyback, urgent: 1,
          options: [{ mss: 1200 }, timestamps, { md5: { key: k } }, nop, { raw: { number: 253, hex: "0A" } }] } },
      { client: { retransmit: true } }]`);
    expect(programOf(script, 'client')).to.deep.equal([
      { ...STEP, op: 'stack', channel: 0, ack: 'piggyback', retransmit: null },
      {
        ...STEP,
        ...{ op: 'craft', channel: 0, flags: 0x18, payload: { kind: 'text', text: 'hi' } },
        sequence: { base: 'initial', offset: 1 },
        acknowledgment: { base: 'next', offset: -2 },
        ...{ window: null, urgentPointer: 1, checksum: 'right', ip: { ttl: 3 }, retransmit: false },
        options: [
          { kind: 'mss', size: 1200 },
          { kind: 'timestamps', value: null, echo: null },
          { kind: 'md5', key: 'k', digest: null },
          { kind: 'nop' },
          { kind: 'raw', number: 253, hex: '0a' },
        ],
      },
      { ...STEP, step: '2', op: 'stack', channel: 0, ack: null, retransmit: true },
    ]);
    expect(script.raw).to.deep.equal({ ack: 'piggyback', retransmit: false, mss: 1360 });
    // Nothing that the server does: its side is the kernel's.
    expect(programOf(script, 'server')).to.deep.equal([]);
  });

  it('lets a stack of ours behave as one where nothing is crafted', () => {
    const raw = (keys: string): unknown =>
      scriptOf(
        `between: [client, server:1], transport: raw-tcp, ${keys} script: [{ client: { send: a } }]`,
      ).raw;
    expect(raw('')).to.deep.equal({ ack: 'delayed', retransmit: true, mss: 1360 });
    expect(raw('raw: { ack: now, retransmit: false },')).to.deep.include({
      ack: 'now',
      retransmit: false,
    });
  });

  it('keeps branches and repetitions with the party that plays them', () => {
    const script = scriptOf(`between: [client, server:1], script: [
      { client: { expect: { regex: "/(?<word>[a-z]+)\\n/i" }, as: line } },
      { client: { if: { not: { variable: word, equals: bye } }, then: [{ send: again }], else: [{ close: fin }] } },
      { client: { repeat: { times: 3, until: { variable: line, matches: x }, steps: [{ send: "{}" }] } } }]`);
    const [first, branch, loop] = programOf(script, 'client');
    expect(first).to.deep.include({
      pattern: { kind: 'regex', source: '(?<word>[a-z]+)\n', flags: 'i' },
      as: 'line',
    });
    expect(branch).to.deep.include({
      op: 'branch',
      condition: {
        kind: 'not',
        condition: {
          ...{ kind: 'equals', variable: 'word', payload: { kind: 'text', text: 'bye' } },
        },
      },
    });
    expect(loop).to.deep.include({
      ...{ op: 'loop', times: 3 },
      until: { kind: 'matches', variable: 'line', source: 'x', flags: '' },
    });
    expect(programOf(script, 'server')).to.deep.equal([]);
  });

  it('lets a party send after a branch that may have closed, but not after one that has', () => {
    const closing = (no: string): string[] =>
      placesOf(
        compileText(`${LAB}
  - name: flow
    between: [client, server:1]
    script:
      - client: { set: { x: a } }
      - client: { if: { variable: x }, then: [{ close: fin }], else: [${no}] }
      - client: { send: a }
`),
      );
    expect(closing('')).to.deep.equal([]);
    expect(closing('{ close: fin }')).to.deep.equal(['S152 14:19']);
  });

  it('gives the same plan for the same file', () => {
    const plan = (): string =>
      JSON.stringify(scriptOf('between: [client, server:1], script: [{ client: { send: a } }]'));
    expect(plan()).to.equal(plan());
  });
});
