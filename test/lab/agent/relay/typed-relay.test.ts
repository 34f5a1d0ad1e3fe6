// Sessions of the role over real sockets: messages framed, changed by rules here and on other threads, and delayed by faults.
import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { expect } from 'chai';
import type { ProtocolSpec } from '../../../../src/model/protocol.ts';
import type {
  RelayFault,
  RelayRule,
  RelaySpec,
  StreamAddress,
} from '../../../../src/model/relay.ts';
import { countersOf, relayHasRead } from './ends.ts';
import { type TestRelay, startRelay } from './relays.ts';

const LOCAL: StreamAddress = { kind: 'tcp', host: '127.0.0.1', port: 0 };

/** A length of two bytes that counts itself, a kind, and text. */
const NOTES: ProtocolSpec = {
  protocol: 'notes',
  description: 'Notes with a length.',
  references: [],
  frame: { kind: 'length', at: 0, width: 2, plus: 0, least: 3, limit: 65_535 },
  message: { client: 'note', server: 'note' },
  type: 'kind',
  layouts: {
    note: {
      fields: [
        { name: 'length', type: { kind: 'uint', bits: 16 } },
        { name: 'kind', type: { kind: 'uint', bits: 8, enum: 'kinds' } },
        { name: 'text', type: { kind: 'bytes', size: 'rest' } },
      ],
      size: { field: 'length', plus: 0 },
    },
  },
  enums: { kinds: { PLAIN: 1, LOUD: 2 } },
  order: { strict: ['*'], loose: [], barrier: [] },
};

const note = (kind: number, text: string): Buffer => {
  const head = Buffer.from([0, 0, kind]);
  head.writeUInt16BE(3 + text.length);
  return Buffer.concat([head, Buffer.from(text, 'latin1')]);
};

const rule = (more: Partial<RelayRule>): RelayRule => ({
  ...{ name: 'rule', at: 'C->P', do: [{ kind: 'drop' }], fixup: [], unsafe: false },
  match: { types: [], fields: [], nth: null, probability: 1, sessions: [], state: null },
  ...more,
});

describe('agent/relay with sessions of the role', function () {
  this.timeout(60_000);
  let echo: Server;
  let target: StreamAddress = LOCAL;
  const relays: TestRelay[] = [];
  const sockets: Socket[] = [];
  before(async () => {
    echo = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined).pipe(socket);
    });
    echo.listen(0, '127.0.0.1');
    await once(echo, 'listening');
    target = { kind: 'tcp', host: '127.0.0.1', port: (echo.address() as AddressInfo).port };
  });
  afterEach(async () => {
    for (const relay of relays.splice(0)) await relay.stop();
    for (const socket of sockets.splice(0)) socket.destroy();
  });
  after(() => echo.close());

  const relay = async (more: Partial<RelaySpec>): Promise<TestRelay> => {
    const started = await startRelay(LOCAL, target, { protocol: NOTES, ...more });
    relays.push(started);
    return started;
  };
  /** What comes back of what is sent, in pieces as given. */
  const exchange = async ({ port }: TestRelay, pieces: readonly Buffer[]): Promise<Buffer> => {
    const socket = connect(port, '127.0.0.1').setNoDelay();
    sockets.push(socket);
    const came: Buffer[] = [];
    socket.on('data', (bytes) => came.push(bytes));
    for (const piece of pieces)
      await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
    socket.end();
    await once(socket, 'end');
    return Buffer.concat(came);
  };

  it('changes no byte where there are no rules, however the messages are cut', async () => {
    const all = Buffer.concat(
      Array.from({ length: 500 }, (_, index) => note(1 + (index % 2), 'n'.repeat(index))),
    );
    const pieces = Array.from({ length: 40 }, (_, index) =>
      all.subarray(
        Math.ceil((index * all.length) / 40),
        Math.ceil(((index + 1) * all.length) / 40),
      ),
    );
    const started = await relay({});
    expect((await exchange(started, pieces)).equals(all)).to.equal(true);
    const { statistics } = await started.thread.change({ kind: 'statistics' });
    expect(statistics?.upstream).to.include({ messagesIn: 500, messagesOut: 500 });
  });

  for (const workers of [0, 2])
    it(`drops what a rule says, with ${workers} threads for messages`, async () => {
      const match = { ...rule({}).match, types: ['LOUD'] };
      const started = await relay({ workers, rules: [rule({ match })] });
      const pieces = Array.from({ length: 100 }, (_, index) => note(1 + (index % 2), `${index}`));
      const kept = Buffer.concat(pieces.filter((_, index) => index % 2 === 0));
      expect((await exchange(started, pieces)).equals(kept)).to.equal(true);
      const { statistics } = await started.thread.change({ kind: 'statistics' });
      expect(statistics?.rules).to.deep.equal({ rule: 50 });
      await started.stop();
      expect(started.audits).to.have.length(50);
    });

  it('stops a rule while it is switched off', async () => {
    const started = await relay({ rules: [rule({})] });
    await started.thread.change({ kind: 'rule', name: 'rule', isEnabled: false });
    expect(String(await exchange(started, [note(1, 'a')]))).to.equal(String(note(1, 'a')));
    await started.thread.change({ kind: 'rule', name: 'rule', isEnabled: true });
    expect(await exchange(started, [note(1, 'a')])).to.have.length(0);
  });

  it('holds back what a fault delays, and lets it go once the fault is taken away', async () => {
    const started = await relay({});
    const slow: RelayFault = {
      name: 'slow',
      kind: 'latency',
      direction: 'upstream',
      probability: 1,
      enabled: true,
      latency: 3_600_000,
      jitter: 0,
    };
    await started.thread.change({ kind: 'faults', faults: [slow] });
    const answer = exchange(started, [note(1, 'a')]);
    await relayHasRead(started, 1, 'upstream', 4);
    // What nothing holds back is written by the turn that has read it.
    expect((await countersOf(started)).upstream).to.include({ bytesIn: 4, bytesOut: 0 });
    await started.thread.change({ kind: 'faults', faults: [] });
    expect(await answer).to.have.length(4);
    expect(await exchange(started, [note(1, 'a')])).to.have.length(4);
  });
});
