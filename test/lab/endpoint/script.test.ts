import { expect } from 'chai';
import type { Instruction } from '../../../src/model/script.ts';
import { TCP_FLAG } from '../../../src/wire/tcp.ts';
import { capture } from './captured.ts';
import type { Segment } from './captured.ts';
import { arrive, arriveClose, close, flush, random, script, send, text } from './scripts.ts';
import { CLIENT, SERVER, createTwoNodes, flow } from './two-nodes.ts';
import type { TwoNodes } from './two-nodes.ts';

/** Sizes from 1 to 1400 in no order. */
const SIZES = Array.from({ length: 1000 }, (_, index) => 1 + ((index * 7919) % 1400));

/** The first party sends the sizes of even places and the second those of odd ones, or the first all of them. */
function exchange(turns: 'alternate' | 'one-way'): [Instruction[], Instruction[]] {
  const parties: [Instruction[], Instruction[]] = [[], []];
  for (const [index, size] of SIZES.entries()) {
    const payload = random(size, `${turns} ${index}`);
    const sender = turns === 'alternate' ? index % 2 : 0;
    parties[sender]?.push(flush(payload));
    parties[1 - sender]?.push(arrive(payload, size));
  }
  return parties;
}

const V6 = {
  source: { address: CLIENT.v6, port: 0 },
  destination: { address: SERVER.v6, port: 9000 },
};
const at = (port: number): Parameters<typeof script>[2] => ({
  destination: { address: SERVER.v4, port },
});
const FIXED = { source: { address: CLIENT.v4, port: 40_000 } };
const request = random(100, 'request');
const answer = random(700, 'answer');
const ask = [send(request), arrive(answer, 700)];
const reply = [arrive(request, 100), send(answer)];
const TLS = { transport: 'tls', tls: { sni: 'www.example', alpn: [], verify: true } } as const;
const many = Array.from({ length: 100 }, (_, index) =>
  flush(random(1400, `many ${index}`), { within: 500 }),
);
const gaps = Array.from({ length: 200 }, () => flush(text('tick'), { after: 5 }));

/** A server that is no party: it does one thing to each connection. */
const stranger = (port: number, act: string): string[] => [
  process.execPath,
  '-e',
  `require('node:net').createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    ${act}
  }).listen(${port}, '${SERVER.v4}', () => console.log('ready'));`,
];

const FLOWS = [
  flow('alternate', script(...exchange('alternate'))),
  flow('one way', script(...exchange('one-way'))),
  flow('seven', script([send(random(3000), 7)], [arrive(random(3000), 3000)], V6)),
  flow('too large', script([flush(random(1449))], [arrive(random(1449), 1449)])),
  flow('window', script(many, [], at(9100))),
  flow('tampered', script([arrive(text('hello'), 5)], [], at(9101))),
  flow('reset', script([...ask, close('reset')], [...reply, arriveClose('reset')])),
  flow('cut', script([...ask, arrive(text('more'), 4)], [...reply, close('reset')])),
  flow('idle', script([send(request)], [], at(9102))),
  flow(
    'half',
    script(
      [...ask, close('half'), arrive(answer, 700)],
      [...reply, arriveClose('end'), send(answer)],
    ),
  ),
  flow(
    'late reset',
    script(
      [...ask, close('half'), arrive(answer, 700), close('reset', { after: 20 })],
      [...reply, arriveClose('end'), send(answer), arriveClose('reset')],
    ),
  ),
  flow(
    'tls',
    script(
      [send(random(900), 3), arrive(answer, 700)],
      [arrive(random(900), 900), flush(answer)],
      TLS,
    ),
  ),
  flow('unix', script(ask, reply, { transport: 'unix' })),
  flow(
    'udp',
    script([send(request), arrive(answer, 1)], [arrive(request, 1), send(answer)], {
      transport: 'udp',
    }),
  ),
  flow('fixed', script(ask, reply, FIXED)),
  flow(
    'gaps',
    script(
      gaps,
      gaps.map(() => arrive(text('tick'), 4)),
    ),
  ),
  flow('many', script([...ask, ...ask], [...reply, ...reply])),
  flow('three', {
    ...script([], []),
    parties: [
      { name: 'alice', node: 'client', program: [send(request), arrive(answer, 700)] },
      {
        name: 'bob',
        node: 'server',
        program: [
          arrive(request, 100),
          send(request, 'stream', { channel: 1 }),
          arrive(answer, 700, { channel: 1 }),
          send(answer),
        ],
      },
      {
        name: 'carol',
        node: 'client',
        program: [arrive(request, 100, { channel: 1 }), send(answer, 'stream', { channel: 1 })],
      },
    ],
    channels: [
      {
        ...{ from: 'alice', to: 'bob', source: { address: CLIENT.v4, port: 0 } },
        destination: { address: SERVER.v4, port: 9000 },
      },
      {
        ...{ from: 'bob', to: 'carol', source: { address: SERVER.v4, port: 0 } },
        destination: { address: CLIENT.v4, port: 9001 },
      },
    ],
  }),
];

const SETTINGS = [
  'net.ipv4.tcp_tw_reuse=1',
  'net.ipv4.tcp_retrans_collapse=0',
  'net.ipv4.tcp_early_retrans=0',
  'net.ipv4.tcp_autocorking=0',
];

const data = (segments: readonly Segment[]): number[] =>
  segments.filter(({ length }) => length > 0).map(({ length }) => length);
const fins = (segments: readonly Segment[]): number =>
  segments.filter(({ flags }) => (flags & TCP_FLAG.FIN) !== 0).length;
const isOver = (segments: readonly Segment[]): boolean => fins(segments) >= 2;
const resets = (segments: readonly Segment[]): Segment[] =>
  segments.filter(({ flags }) => (flags & TCP_FLAG.RST) !== 0);

describe('agent/endpoint scripts', function () {
  this.timeout(120_000);
  let lab: TwoNodes;
  before(async () => {
    lab = createTwoNodes([], FLOWS);
    // What a plan sets where scripts frame segments: no second sending joins segments or comes before an ACK could.
    for (const node of ['client', 'server'] as const)
      await lab.inNode(node, 'sysctl', '-qw', ...SETTINGS);
  });
  after(() => lab.close());

  for (const turns of ['alternate', 'one way'] as const)
    it(`sends 1,000 pieces (${turns}) as 1,000 segments of exactly their sizes, ten times of ten`, async () => {
      for (let attempt = 1; attempt <= 10; attempt += 1) {
        const captured = await capture(lab, 'client');
        const { failure, detail } = await lab.runFlow(turns, attempt);
        expect([failure, detail]).to.deep.equal([null, undefined]);
        const segments = await captured(isOver);
        expect(data(segments)).to.deep.equal(SIZES);
        expect(resets(segments)).to.deep.equal([]);
      }
    });

  it('cuts a payload into as many segments as asked for, over IPv6', async () => {
    const captured = await capture(lab, 'server');
    expect(await lab.runFlow('seven', 1)).to.include({ failure: null, received: 0, sent: 3000 });
    expect(data(await captured(isOver))).to.deep.equal([429, 429, 429, 429, 428, 428, 428]);
  });

  it('fails a piece that is larger than the MSS, and says so', async () => {
    const found = await lab.runFlow('too large', 1);
    expect(found).to.include({
      failure: 'unknown_failure: segment_too_large',
      operation: 'write',
      probe: 'script',
      node: 'client',
    });
    expect(found.detail).to.match(
      /^"client" at step \d+: A segment of 1449 bytes .* MSS .* is 1448$/,
    );
    expect(found.parties?.map(({ party, failure }) => [party, failure])).to.deep.equal([
      ['client', 'unknown_failure: segment_too_large'],
      ['server', 'connection_reset'],
    ]);
  });

  it('fails when the window of a peer that does not read is full, and says so', async () => {
    await lab.startInNode('server', ...program(stranger(9100, '')));
    const found = await lab.runFlow('window', 1);
    expect(found.failure).to.equal('generic_timeout_error');
    expect(found.detail).to.match(
      /within 500 ms: a segment of 1400 bytes does not fit into the peer's window of \d+/,
    );
  });

  it('finds bytes that were tampered with', async () => {
    await lab.startInNode('server', ...program(stranger(9101, "socket.write('hexlo');")));
    expect(await lab.runFlow('tampered', 1)).to.include({
      failure: 'unknown_failure: The stream differs at byte 2',
      operation: 'read',
    });
  });

  it('resets as the script says, which nobody minds who waits for it', async () => {
    const captured = await capture(lab, 'server');
    expect(await lab.runFlow('reset', 1)).to.include({ failure: null });
    const segments = await captured((seen) => resets(seen).length > 0);
    expect(resets(segments).map(({ from }) => from)).to.deep.equal([CLIENT.v4]);
    expect(fins(segments)).to.equal(0);
  });

  it('fails by a RST in the middle', async () => {
    const found = await lab.runFlow('cut', 1);
    expect(found).to.include({ failure: 'connection_reset', operation: 'read', received: 700 });
    expect(found.parties?.[1]).to.include({ party: 'server', failure: null });
  });

  it('listens for a party without steps', async () => {
    expect(await lab.runFlow('idle', 1)).to.include({ failure: null, sent: 100 });
  });

  it('reads on after it has sent its FIN', async () => {
    expect(await lab.runFlow('half', 1)).to.include({ failure: null, received: 1400 });
  });

  it('is told of a RST that comes after the FIN', async () => {
    const captured = await capture(lab, 'server');
    expect(await lab.runFlow('late reset', 1)).to.include({ failure: null, received: 1400 });
    const segments = await captured((seen) => resets(seen).length > 0);
    expect(resets(segments).map(({ from }) => from)).to.deep.equal([CLIENT.v4]);
  });

  it('keeps TLS records in segments of their own', async () => {
    const captured = await capture(lab, 'client');
    const found = await lab.runFlow('tls', 1);
    expect([found.failure, found.detail]).to.deep.equal([null, undefined]);
    const segments = await captured(isOver);
    const sent = (from: string, length: number): number =>
      segments.filter((one) => one.from === from && one.length === length).length;
    expect([sent(CLIENT.v4, 322), sent(SERVER.v4, 722)]).to.deep.equal([3, 1]);
  });

  it('speaks over socket files', async () => {
    const found = await lab.runFlow('unix', 1);
    expect(found).to.include({ failure: null, received: 700, sent: 100 });
    expect(found).to.not.have.property('fiveTuple');
  });

  it('speaks UDP', async () => {
    const found = await lab.runFlow('udp', 1);
    expect(found).to.include({ failure: null, received: 700 });
    expect(found.fiveTuple).to.include({ protocol: 'udp', destinationPort: 9000 });
  });

  it('plays between three parties', async () => {
    const found = await lab.runFlow('three', 1);
    expect(found.failure).to.equal(null);
    expect(found.parties?.map(({ party, received }) => [party, received])).to.deep.equal([
      ['alice', 700],
      ['bob', 800],
      ['carol', 100],
    ]);
  });

  it('plays again and again from one port, each time a connection that ends in peace', async () => {
    const captured = await capture(lab, 'client');
    for (let attempt = 1; attempt <= 20; attempt += 1) {
      const found = await lab.runFlow('fixed', attempt);
      expect([found.failure, found.fiveTuple?.sourcePort]).to.deep.equal([null, 40_000]);
    }
    const segments = await captured((seen) => fins(seen) >= 40);
    expect(resets(segments)).to.deep.equal([]);
  });

  it('keeps gaps', async () => {
    const captured = await capture(lab, 'client');
    expect(await lab.runFlow('gaps', 1)).to.include({ failure: null });
    const times = (await captured(isOver))
      .filter(({ length }) => length > 0)
      .map(({ time }) => time);
    expect(times).to.have.length(200);
    const errors = times.slice(1).map((time, index) => Math.abs(time - (times[index] ?? 0) - 5000));
    const sorted = errors.sort((one, other) => one - other);
    console.log(
      `      gap error: p50 ${sorted[100]?.toFixed(0)} us, p99 ${sorted[196]?.toFixed(0)} us`,
    );
    // On a machine with nothing else to do it is some tens of microseconds.
    expect(sorted[100]).to.be.below(1000);
  });

  it('plays 500 at once', async () => {
    const found = await lab.runFlows('many', 500);
    expect(found.filter(({ failure }) => failure !== null)).to.deep.equal([]);
    for (const { parties = [] } of found) {
      const [client, server] = parties;
      expect(client?.tuples).to.deep.equal(server?.tuples);
    }
  });

  it('begins at the moment that it is told', async () => {
    const moment = (Date.now() + 300) * 1000;
    const { start, parties = [] } = await lab.runFlow('fixed', 21, moment);
    expect(start - moment).to.be.within(0, 100_000);
    expect(parties.every((party) => party.start >= moment)).to.equal(true);
  });
});

const program = ([file = '', ...argv]: string[]): [string, ...string[]] => [file, ...argv];
