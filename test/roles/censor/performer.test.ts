import { expect } from 'chai';
import type { CensorAction } from '../../../src/model/censor.ts';
import { DNS_TYPE, parseDns } from '../../../src/wire/dns.ts';
import { TCP_FLAG } from '../../../src/wire/tcp.ts';
import {
  DROP,
  Playbook,
  RESET,
  V4,
  V6,
  clientData,
  datagram,
  fromClient,
  handshake,
  hello,
  hostRule,
  query,
  request,
  rule,
  serverData,
  sniRule,
  text,
} from './playbook.ts';

const { ACK, FIN, SYN } = TCP_FLAG;
const BLOCKED = hello('blocked.example');
const DNS: Extract<CensorAction, { kind: 'dns' }> = {
  kind: 'dns',
  pool: ['192.0.2.1', '192.0.2.2', '2001:db8::bad'],
  rcode: 'NOERROR',
  recordTtl: 60,
  ttl: null,
  delay: 0,
  authoritative: true,
  dropTrigger: true,
};
const PAGE: Extract<CensorAction, { kind: 'blockpage' }> = {
  kind: 'blockpage',
  status: 403,
  reason: 'Forbidden',
  headers: [['Server', 'censor']],
  body: `<h1>Blocked</h1>${'é'.repeat(1000)}`,
  resetServer: true,
  dropTrigger: true,
};
const resolver = { ...V4, serverPort: 53 };

function open(book: Playbook, ends = V4, mss = 1460): void {
  for (const packet of handshake(ends, mss)) expect(book.judge(packet)).to.equal('pass');
}

const namesRule = (action: CensorAction) =>
  rule([{ field: 'dns.qname', names: ['*.blocked.example', 'blocked.example'] }], action);

describe('roles/censor: forged DNS answers', () => {
  for (const [ends, type, pool] of [
    [resolver, DNS_TYPE.A, ['192.0.2.1', '192.0.2.2']],
    [{ ...V6, serverPort: 53 }, DNS_TYPE.AAAA, ['2001:db8::bad']],
  ] as const)
    it(`perform() answers type ${type} from the pool, over ${ends.client}`, () => {
      const book = new Playbook([namesRule(DNS)]);
      expect(book.judge(datagram(ends, query('wWw.Blocked.example', type, 99)))).to.equal('drop');
      const [answer] = book.emitted;
      expect(answer?.packet.ip).to.include({ source: ends.server, destination: ends.client });
      expect(answer?.packet.udp).to.deep.equal({
        sourcePort: 53,
        destinationPort: 40_000,
        checksum: 'valid',
      });
      const message = parseDns(answer?.packet.payload ?? text(''));
      if (!message.ok) throw new Error(message.error);
      expect(message.value).to.include({ id: 99, isResponse: true, authoritative: true, rcode: 0 });
      expect(message.value.questions[0]?.spelling).to.equal('wWw.Blocked.example');
      expect(message.value.answers[0]?.ttl).to.equal(60);
      expect(pool).to.include(message.value.answers[0]?.value);
      expect(book.actions()).to.deep.equal(['dns']);
    });

  it('perform() races: the query passes and the answer comes later', () => {
    const book = new Playbook([
      namesRule({ ...DNS, dropTrigger: false, delay: 2, rcode: 'NXDOMAIN' }),
    ]);
    expect(book.judge(datagram(resolver, query('blocked.example')))).to.equal('pass');
    expect(book.emitted[0]).to.include({ at: 2000, origin: 'injected' });
    const message = parseDns(book.emitted[0]?.packet.payload ?? text(''));
    expect(message.ok && message.value.rcode).to.equal(3);
    expect(message.ok && message.value.answers).to.deep.equal([]);
  });

  it('perform() gives a type without address an answer without records', () => {
    const book = new Playbook([namesRule(DNS)]);
    book.judge(datagram(resolver, query('blocked.example', DNS_TYPE.TXT)));
    const message = parseDns(book.emitted[0]?.packet.payload ?? text(''));
    expect(message.ok && message.value.answers).to.deep.equal([]);
  });

  it('perform() decides each query of a socket by itself', () => {
    const book = new Playbook([namesRule(DNS)]);
    const names = ['fine.example', 'blocked.example', 'fine.example', 'x.blocked.example'];
    const dispositions = names.map((name) => book.judge(datagram(resolver, query(name))));
    expect(dispositions).to.deep.equal(['pass', 'drop', 'pass', 'drop']);
    expect(book.actions()).to.deep.equal(['dns', 'dns']);
  });

  it('judge() asks for name and type of one question', () => {
    const book = new Playbook([
      rule(
        [
          { field: 'dns.qname', names: ['blocked.example'] },
          { field: 'dns.qtype', values: [DNS_TYPE.AAAA] },
        ],
        DROP,
      ),
    ]);
    expect(book.judge(datagram(resolver, query('blocked.example', 1)))).to.equal('pass');
    expect(book.judge(datagram(resolver, query('blocked.example', 28)))).to.equal('drop');
  });

  it('perform() leaves queries over TCP alone, which other actions read too', () => {
    const message = query('blocked.example');
    const framed = Uint8Array.from([0, message.length, ...message]);
    for (const [action, wish] of [
      [DNS, 'pass'],
      [RESET, 'drop'],
    ] as const) {
      const book = new Playbook([namesRule(action)]);
      open(book, resolver);
      expect(book.judge(clientData(resolver, framed.subarray(0, 9)))).to.equal('pass');
      expect(book.judge(clientData(resolver, framed.subarray(9), 9))).to.equal(wish);
    }
  });
});

describe('roles/censor: block pages', () => {
  it('perform() sends the page in segments that fit, with a FIN, and resets the server', () => {
    const book = new Playbook([hostRule(PAGE)]);
    open(book, V4, 1000);
    const asked = request('blocked.example');
    expect(book.judge(clientData(V4, asked))).to.equal('drop');
    const toClient = book.emitted.filter(({ packet }) => packet.ip.destination === V4.client);
    expect(toClient.map(({ packet }) => packet.tcp?.sequence)).to.deep.equal([5001, 6001, 7001]);
    expect(
      toClient.every(({ packet }) => packet.tcp?.acknowledgment === 1001 + asked.length),
    ).to.equal(true);
    expect(toClient.map(({ packet }) => (packet.tcp?.flags ?? 0) & FIN)).to.deep.equal([0, 0, FIN]);
    const page = Buffer.concat(toClient.map(({ packet }) => packet.payload)).toString();
    const [head = '', body = ''] = page.split('\r\n\r\n');
    expect(head).to.match(/^HTTP\/1\.1 403 Forbidden\r\nServer: censor\r\n/);
    expect(head).to.include(`Content-Length: ${Buffer.byteLength(PAGE.body)}`);
    expect(body).to.equal(PAGE.body);
    expect(book.lines().at(-1)).to.equal(
      'IP 10.0.0.1.40000 > 10.0.0.2.443: Flags [R], seq 1001, win 0, length 0',
    );
  });

  it('continueStanding() keeps the server out, repeats the page and takes the FIN', () => {
    const book = new Playbook([hostRule({ ...PAGE, body: 'no' })]);
    open(book);
    const asked = request('blocked.example');
    book.judge(clientData(V4, asked));
    const [page] = book.lines();
    expect(book.judge(serverData(V4, text('late')))).to.equal('drop');
    expect(book.judge(clientData(V4, asked))).to.equal('drop');
    expect(book.lines()).to.deep.equal([page]);
    const end = 1001 + asked.length;
    const fin = fromClient(V4, { sequence: end, acknowledgment: 5200, flags: FIN | ACK });
    expect(book.judge(fin)).to.equal('drop');
    expect(book.lines()[0]).to.match(new RegExp(`Flags \\[\\.\\], seq \\d+, ack ${end + 1},`));
  });

  it('perform() races with the page when the request passes', () => {
    const book = new Playbook([hostRule({ ...PAGE, dropTrigger: false, resetServer: false })]);
    open(book);
    expect(book.judge(clientData(V4, request('blocked.example')))).to.equal('pass');
    expect(book.emitted.length).to.be.greaterThan(0);
    expect(book.judge(serverData(V4, text('late')))).to.equal('pass');
  });
});

describe('roles/censor: throttling', () => {
  const throttle = (mode: 'police' | 'shape'): CensorAction => ({
    kind: 'throttle',
    mode,
    rate: 800_000,
    burst: 3000,
    direction: 'reverse',
  });
  const segment = serverData(V4, new Uint8Array(960));

  it('admit() polices to the rate, with the burst on top', () => {
    const book = new Playbook([sniRule(throttle('police'))]);
    open(book);
    book.judge(clientData(V4, BLOCKED));
    let passed = 0;
    // 1000-byte packets at eight times the rate, for one second.
    for (let count = 0; count < 800; count += 1) {
      if (book.judge(segment) === 'pass') passed += 1;
      book.wait(1.25);
    }
    expect(passed).to.be.within(101, 103);
    expect(book.judge(clientData(V4, text('x'), BLOCKED.length))).to.equal('pass');
    expect(book.actions()).to.deep.equal(['throttle']);
  });

  it('admit() shapes to the rate in order, and drops beyond its queue', () => {
    const book = new Playbook([sniRule(throttle('shape'))]);
    open(book);
    book.judge(clientData(V4, BLOCKED));
    const dispositions = Array.from({ length: 100 }, () => book.judge(segment));
    expect(dispositions.slice(0, 5)).to.deep.equal(['pass', 'pass', 'pass', 'taken', 'taken']);
    expect(dispositions.filter((disposition) => disposition === 'taken')).to.have.length(65);
    expect(dispositions.at(-1)).to.equal('drop');
    // 1000 bytes take 10 ms at 800 kbit/s.
    expect(book.emitted.slice(0, 3).map(({ at }) => at)).to.deep.equal([10_000, 20_000, 30_000]);
    expect(book.emitted[0]).to.include({ origin: 'delayed', bytes: book.emitted[0]?.bytes });
    expect(Buffer.compare(book.emitted[0]?.bytes ?? text(''), segment)).to.equal(0);
  });

  it('perform() leaves later rules their turn after a throttle', () => {
    const all = rule([], throttle('police'), { name: 'slow' });
    const book = new Playbook([all, sniRule(RESET)]);
    open(book);
    expect(book.judge(clientData(V4, BLOCKED))).to.equal('drop');
    expect(book.actions()).to.deep.equal(['throttle', 'reset']);
  });
});

describe('roles/censor: residual blocking', () => {
  const residual = {
    key: '3-tuple',
    for: 90_000,
    refresh: false,
    existing: false,
    action: null,
  } as const;
  const syn = (ends = V4): Uint8Array => fromClient(ends, { sequence: 9000, flags: SYN });

  function fire(book: Playbook): void {
    open(book);
    book.judge(clientData(V4, BLOCKED));
    book.lines();
    book.events = [];
  }

  it('applyResidual() resets later flows to the same server port, until the time is over', () => {
    const book = new Playbook([sniRule(RESET, { residual })]);
    fire(book);
    const later = { ...V4, clientPort: 40_001 };
    expect(book.judge(syn(later))).to.equal('drop');
    expect(book.lines()).to.deep.equal([
      'IP 10.0.0.2.443 > 10.0.0.1.40001: Flags [R.], seq 0, ack 9001, win 0, length 0',
    ]);
    expect(book.actions()).to.deep.equal(['residual']);
    book.wait(90_001);
    expect(book.judge(syn({ ...V4, clientPort: 40_002 }))).to.equal('pass');
    // A flow that fell under the block is judged by the rules again once it is over.
    expect(book.judge(syn(later))).to.equal('pass');
  });

  const keys = [
    ['2-tuple', 'drop', 'drop', 'drop'],
    ['3-tuple', 'drop', 'drop', 'pass'],
    ['4-tuple', 'drop', 'pass', 'pass'],
  ] as const;
  for (const [key, same, otherClientPort, otherServerPort] of keys)
    it(`find() keys by ${key}`, () => {
      const judgeSyn = (ends: typeof V4): string => {
        const book = new Playbook([sniRule(RESET, { residual: { ...residual, key } })]);
        fire(book);
        return book.judge(syn(ends));
      };
      expect(judgeSyn(V4)).to.equal(same);
      expect(judgeSyn({ ...V4, clientPort: 5 })).to.equal(otherClientPort);
      expect(judgeSyn({ ...V4, serverPort: 80 })).to.equal(otherServerPort);
      expect(judgeSyn({ ...V4, server: '10.0.0.9' })).to.equal('pass');
      expect(judgeSyn({ ...V4, client: V4.server, server: V4.client })).to.equal('pass');
    });

  for (const [refresh, wish] of [
    [false, 'pass'],
    [true, 'drop'],
  ] as const)
    it(`applyResidual() ${refresh ? 'starts' : 'does not start'} the time anew`, () => {
      const book = new Playbook([sniRule(RESET, { residual: { ...residual, refresh } })]);
      fire(book);
      book.wait(60_000);
      expect(book.judge(syn())).to.equal('drop');
      book.wait(60_000);
      expect(book.judge(syn())).to.equal(wish);
    });

  for (const [existing, wish] of [
    [false, 'pass'],
    [true, 'drop'],
  ] as const)
    it(`find() ${existing ? 'covers' : 'spares'} flows that were there`, () => {
      const book = new Playbook([sniRule(RESET, { residual: { ...residual, existing } })]);
      const other = { ...V4, clientPort: 40_001 };
      open(book, other);
      book.judge(clientData(other, hello('fine.example')));
      fire(book);
      const sent = hello('fine.example').length;
      expect(book.judge(clientData(other, text('x'), sent))).to.equal(wish);
      if (existing) expect(book.lines()[1]).to.include(`seq ${1001 + sent},`);
    });

  it('applyResidual() takes the action of its own', () => {
    const action: CensorAction = { ...DROP, direction: 'forward' };
    const book = new Playbook([sniRule(RESET, { residual: { ...residual, action } })]);
    fire(book);
    expect(book.judge(syn())).to.equal('drop');
    expect(book.lines()).to.have.length(0);
  });

  it('applyResidual() shows the page once there is a request', () => {
    const book = new Playbook([sniRule(RESET, { residual: { ...residual, action: PAGE } })]);
    fire(book);
    const later = { ...V4, clientPort: 40_001 };
    open(book, later);
    expect(book.judge(clientData(later, request('any.example')))).to.equal('drop');
    expect(book.emitted.length).to.be.greaterThan(1);
  });

  it('judge() leaves DNS alone where a block covers another protocol’s port', () => {
    const book = new Playbook([sniRule(RESET, { residual })]);
    fire(book);
    expect(book.judge(datagram(V4, query('fine.example')))).to.equal('pass');
  });

  it('continueStanding() ends with its connection', () => {
    const book = new Playbook([sniRule(RESET)]);
    fire(book);
    const again = fromClient(V4, { sequence: 90_000, flags: SYN });
    expect(book.judge(again)).to.equal('pass');
    const ack = fromClient(V4, { sequence: 90_001, acknowledgment: 1, flags: ACK });
    expect(book.judge(ack)).to.equal('pass');
  });
});
