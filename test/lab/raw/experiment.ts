// Runs one experiment with raw endpoints in namespaces of its own and prints what came out as JSON. Started by
// raw-endpoints.test.ts under unshare(1), so that it needs no privileges.
import type { PartyReport } from '../../../src/model/script.ts';
import { TCP_FLAG } from '../../../src/wire/tcp.ts';
import { createKernelEgress } from '../../../src/agent/raw/kernel-egress.ts';
import { address, prepareReset } from './inject-reset.ts';
import {
  type RawLab,
  type Step,
  craft,
  createRawLab,
  data,
  datagrams,
  expectPacket,
  finish,
  readFields,
  reset,
  script,
  segment,
  send,
  start,
  stream,
  text,
  said,
  until,
} from './raw-lab.ts';

const { SYN, ACK, FIN, PSH, RST, URG } = TCP_FLAG;
const QUIET = { ack: 'piggyback', retransmit: false } as const;
const next = (offset: number) => ({ base: 'next', offset }) as const;

const OPEN: readonly Step[] = [craft({ flags: SYN }), segment(SYN | ACK), craft({ flags: ACK })];
const ACCEPT: readonly Step[] = [segment(SYN), craft({ flags: SYN | ACK }), segment(ACK)];

const PAGE = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\npage';

const experiments: Readonly<Record<string, () => Promise<unknown>>> = {
  crafted: playCrafted,
  stack: () => playStack(4),
  'stack-6': () => playStack(6),
  options: playOptions,
  reset: meetReset,
  'reset-awaited': awaitReset,
  'kernel-server': askKernel,
  'kernel-client': serveKernel,
  damaged: sendDamaged,
  datagrams: playDatagrams,
  window: exceedWindow,
  kept: keepInOrder,
  guard: lookAtGuard,
  twice: playTwice,
  egress: findWays,
  loopback: playOnLoopback,
};
const result = await experiments[process.argv[2] ?? '']?.();
console.log(JSON.stringify(result));

async function within<T>(made: RawLab, action: (made: RawLab) => Promise<T>): Promise<T> {
  try {
    return await action(made);
  } finally {
    await made.close();
  }
}

/** Everything by hand: handshake, piggy-backed acknowledgments, a short TTL, out of order, overlapping, FIN from both sides. */
function playCrafted(): Promise<unknown> {
  const client: Step[] = [
    ...OPEN,
    craft({ payload: text('GET ') }),
    craft({ payload: text('/ttl'), ip: { ttl: 1 }, retransmit: false }),
    craft({ payload: text('third'), sequence: next(6) }),
    craft({ payload: text('secondth'), sequence: { base: 'initial', offset: 5 } }),
    segment(PSH | ACK, 5),
    craft({ flags: FIN | ACK }),
    segment(FIN | ACK),
    craft({ flags: ACK }),
  ];
  const server: Step[] = [
    ...ACCEPT,
    // On one wire TTL 1 arrives, and of overlapping bytes the first win.
    data('GET /ttlndthird'),
    craft({ payload: text('reply') }),
    segment(FIN | ACK),
    craft({ flags: FIN | ACK }),
    segment(ACK),
  ];
  return within(createRawLab({ raw: script('raw-tcp', client, server, { raw: QUIET }) }), observe);
}

/** Reports and what both interfaces saw. */
async function observe(made: RawLab): Promise<object> {
  let reports: readonly PartyReport[] = [];
  const seen = await made.watch(async () => {
    reports = await made.play('raw');
  });
  return { reports, ...seen, events: made.lab.events };
}

/** Nothing by hand, with more bytes than one window and one segment hold. */
function playStack(family: 4 | 6): Promise<unknown> {
  const long = 'x'.repeat(100_000);
  const flow = script('raw-tcp', [stream(long), data('bye')], [data(long), send('bye')], {
    family,
  });
  return within(createRawLab({ raw: flow }), observe);
}

function playOptions(): Promise<unknown> {
  const client = [
    craft({
      flags: SYN,
      window: 4321,
      options: [
        { kind: 'mss', size: 1000 },
        { kind: 'md5', key: 'secret', digest: null },
      ],
      ip: { id: 777, trafficClass: 0x28, dontFragment: false },
    }),
    segment(SYN | ACK),
    craft({
      flags: ACK | URG,
      urgentPointer: 3,
      payload: text('urgent'),
      options: [{ kind: 'nop' }, { kind: 'nop' }, { kind: 'timestamps', value: 1, echo: 2 }],
    }),
    craft({ payload: text('in two fragments'), ip: { fragments: [24] } }),
  ];
  const server = [segment(SYN), craft({ flags: SYN | ACK }), data('urgentin two fragments')];
  const flow = script('raw-tcp', client, server, { raw: QUIET });
  return within(createRawLab({ raw: flow }), async (made) => {
    const found = await observe(made);
    const names = ['ip.id', 'ip.dsfield', 'ip.flags.mf', 'ip.frag_offset', 'tcp.window_size_value'];
    const more = ['tcp.urgent_pointer', 'tcp.options'];
    return { ...found, options: readFields(made.lab, 'server', [...names, ...more]) };
  });
}

/** A RST that neither wrote, from a third socket on the client's wire. */
function meetReset(): Promise<unknown> {
  const client = [send('hello'), data('never')];
  const server: Step[] = [data('hello'), { op: 'wait', after: 300 }];
  return within(createRawLab({ raw: script('raw-tcp', client, server) }), async (made) => {
    await made.endpoints.open('raw', 1);
    const inject = prepareReset(made.lab, 'server', {
      from: ['10.1.0.2', 9000],
      to: ['10.1.0.1', 40_000],
    });
    const playing = made.endpoints.run('raw', 1, null);
    inject();
    return { reports: await playing };
  });
}

function awaitReset(): Promise<unknown> {
  const client: Step[] = [...OPEN, reset()];
  const server: Step[] = [...ACCEPT, craft({ flags: RST | ACK })];
  return within(createRawLab({ raw: script('raw-tcp', client, server, { raw: QUIET }) }), observe);
}

/** A server of the kernel's: the script has nothing for its side. */
function askKernel(): Promise<unknown> {
  const client: Step[] = [send('GET / HTTP/1.1\r\nHost: server\r\n\r\n'), until('page')];
  return within(createRawLab({ raw: script('raw-tcp', client, []) }), async (made) => {
    const server = start(made.lab, 'server', process.execPath, [
      '-e',
      `require('node:net').createServer((socket) => socket.once('data', () => socket.end(${JSON.stringify(PAGE)})))
        .listen(9000, () => console.log('ready'))`,
    ]);
    await said(server, 'ready');
    const found = await observe(made);
    server.kill();
    return found;
  });
}

/** A client of the kernel's, curl, asks a server of ours. */
function serveKernel(): Promise<unknown> {
  const server: Step[] = [until('\r\n\r\n'), send(PAGE)];
  return within(createRawLab({ raw: script('raw-tcp', [], server) }), async (made) => {
    let page = '';
    const reports: PartyReport[] = [];
    const seen = await made.watch(async () => {
      await made.endpoints.open('raw', 1);
      const playing = made.endpoints.run('raw', 1, null);
      const argv = ['-s', '--local-port', '40000', 'http://10.1.0.2:9000/'];
      page = await finish(start(made.lab, 'client', 'curl', argv));
      reports.push(...(await playing));
    });
    return { page, reports, ...seen };
  });
}

/** Wrong checksums: neither our TCP nor a kernel takes the bytes. */
function sendDamaged(): Promise<unknown> {
  const client: Step[] = [
    ...OPEN,
    craft({ payload: text('bad'), checksum: 'wrong', retransmit: false }),
    craft({ payload: text('good') }),
  ];
  const server: Step[] = [...ACCEPT, data('good')];
  return within(createRawLab({ raw: script('raw-tcp', client, server, { raw: QUIET }) }), observe);
}

async function playDatagrams(): Promise<unknown> {
  const ip = (protocol: number): Step => send('tunnel', { protocol });
  const flows = {
    udp: script('raw-udp', [send('ping'), data('pong')], [data('ping'), send('pong')]),
    'udp-6': script('raw-udp', [send('ping'), data('pong')], [data('ping'), send('pong')], {
      family: 6,
    }),
    fragments: script(
      'raw-udp',
      [send('x'.repeat(100), { ip: { fragments: [48] } })],
      [data('x'.repeat(100))],
    ),
    gre: script('raw-ip', [ip(47)], [expectPacket(47), { op: 'wait', after: 50 }]),
    'other-6': script('raw-ip', [ip(253)], [expectPacket(253), { op: 'wait', after: 50 }], {
      family: 6,
    }),
  };
  return within(createRawLab(flows), async (made) => {
    const failures: Record<string, (string | null)[]> = {};
    const seen = await made.watch(async () => {
      for (const flow of Object.keys(flows))
        failures[flow] = (await made.play(flow)).map(({ failure }) => failure);
    });
    return { failures, datagrams: datagrams(made.lab, 'server'), ...seen, events: made.lab.events };
  });
}

/** A segment that is to be one, and a peer whose window is smaller. */
function exceedWindow(): Promise<unknown> {
  const payload = text('x'.repeat(300));
  const client: Step[] = [
    ...OPEN,
    { op: 'send', channel: 0, payload: text('y'.repeat(40)), framing: [40] },
    { op: 'send', channel: 0, payload, framing: [100, 200] },
  ];
  const server: Step[] = [
    segment(SYN),
    craft({ flags: SYN | ACK, window: 120, options: [] }),
    data('y'.repeat(40)),
    craft({ flags: ACK, window: 120 }),
    data('x'.repeat(100)),
    craft({ flags: ACK, window: 120 }),
    reset(),
  ];
  return within(createRawLab({ raw: script('raw-tcp', client, server, { raw: QUIET }) }), observe);
}

/** A segment that is not sent again is counted all the same; the same one again and again differs in numbers alone. */
function keepInOrder(): Promise<unknown> {
  const once = craft({ payload: text('once '), retransmit: false, arrives: true });
  const client: Step[] = [
    ...OPEN,
    {
      op: 'loop',
      times: 5,
      until: null,
      body: [{ step: '4', after: 0, at: null, within: null, ...once }],
    },
  ];
  const server: Step[] = [...ACCEPT, data('once '.repeat(5))];
  return within(createRawLab({ raw: script('raw-tcp', client, server, { raw: QUIET }) }), observe);
}

/** The kernel's own RST leaves for other ports, and not for these while the flow lasts. */
function lookAtGuard(): Promise<unknown> {
  const server: Step[] = [segment(SYN), { op: 'wait', after: 300 }];
  const refused = script('raw-tcp', [], server, { timeout: 20_000 });
  return within(createRawLab({ raw: refused }), async (made) => {
    const connect = (port: number): Promise<string> =>
      finish(
        start(made.lab, 'client', process.execPath, [
          '-e',
          `require('node:net').connect({ host: '10.1.0.2', port: ${port}, localPort: ${port === 9000 ? 40_000 : 0} })
            .on('error', (error) => { console.log(error.code); process.exit(); }).setTimeout(200, () => process.exit())`,
        ]),
      );
    await made.endpoints.open('raw', 1);
    const rules = made.lab.run('server', 'nft', 'list', 'ruleset');
    const elsewhere = made.lab.run('client', 'nft', 'list', 'ruleset');
    const other = await connect(9001);
    const playing = made.endpoints.run('raw', 1, null);
    const guarded = await connect(9000);
    await playing;
    await made.endpoints.stop();
    const after = made.lab.run('server', 'nft', 'list', 'ruleset');
    return { rules, elsewhere, other, guarded, after };
  });
}

/** The same ports again, and at once. */
function playTwice(): Promise<unknown> {
  const flow = script('raw-tcp', [send('hello'), data('world')], [data('hello'), send('world')]);
  return within(createRawLab({ raw: flow }), async (made) => {
    const first = await made.play('raw', 1);
    const second = await made.play('raw', 2);
    await made.endpoints.open('raw', 3);
    const third = await made.endpoints.open('raw', 4).then(
      () => 'opened',
      (error: unknown) => String(error),
    );
    return { failures: [...first, ...second].map(({ failure }) => failure), third };
  });
}

/** The kernel's ways: a neighbour that must be asked, the node itself, nobody, nowhere. */
function findWays(): Promise<unknown> {
  return within(createRawLab({}), async ({ lab }) => {
    const egress = createKernelEgress(lab.fd('client'));
    const find = (source: string, destination: string): Promise<string> =>
      egress.find(address(source), address(destination)).then(
        ({ interface: { name }, macs }) => `${name} ${Buffer.from(macs).toString('hex')}`,
        (error: unknown) => String(error),
      );
    return {
      neighbour: await find('10.1.0.1', '10.1.0.2'),
      neighbour6: await find('fd00:1::1', 'fd00:1::2'),
      self: await find('10.1.0.1', '10.1.0.1'),
      nobody: await find('10.1.0.1', '10.1.0.77'),
      nowhere: await find('10.1.0.1', '192.0.2.1'),
    };
  });
}

/** Both parties in one node. */
function playOnLoopback(): Promise<unknown> {
  const between = script('raw-tcp', [send('hello'), data('world')], [data('hello'), send('world')]);
  const here = {
    ...between,
    parties: between.parties.map((party) => ({ ...party, node: 'client' })),
    channels: between.channels.map((channel) => ({
      ...channel,
      destination: { ...channel.destination, address: '10.1.0.1' },
    })),
  };
  return within(createRawLab({ raw: here }), async (made) => ({
    failures: (await made.play('raw')).map(({ failure }) => failure),
  }));
}
