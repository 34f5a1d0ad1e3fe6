import { expect } from 'chai';
import {
  DEFAULT_REASSEMBLY,
  DEFAULT_STATE,
  NO_CHECKS,
} from '../../../../src/model/censor-defaults.ts';
import type { CensorCheck } from '../../../../src/model/censor-statistics.ts';
import type { CensorChecks } from '../../../../src/model/censor.ts';
import { createChecks } from '../../../../src/roles/censor/state/packet-checks.ts';
import type { TcpSpec } from '../../../../src/wire/build.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import { emitTcpOptions } from '../../../../src/wire/tcp-options.ts';
import {
  DROP,
  type Ends,
  Playbook,
  RESET,
  V4,
  V6,
  clientData,
  datagram,
  fromClient,
  fromServer,
  handshake,
  hello,
  query,
  rule,
  sniRule,
  text,
} from '../playbook.ts';

const { ACK, PSH, RST, SYN } = TCP_FLAG;
const BLOCKED = hello('blocked.example');
const timestamps = (value: number): Uint8Array =>
  emitTcpOptions([{ kind: 'timestamps', value, echo: 0 }]);

const stamped = (ends: Ends, value: number): Uint8Array =>
  fromClient(ends, {
    sequence: 1001,
    acknowledgment: 5001,
    flags: ACK,
    options: timestamps(value),
  });

/** A request that the server throws away, where the censor that believes it takes it for the first. */
const insertion = (ends: Ends, spec: Partial<TcpSpec>): Uint8Array =>
  fromClient(ends, {
    sequence: 1001,
    acknowledgment: 5001,
    flags: PSH | ACK,
    payload: hello('fine.example').subarray(0, BLOCKED.length),
    ...spec,
  });

describe('roles/censor/packet-checks', () => {
  const insertions: readonly (readonly [CensorCheck, string, Partial<TcpSpec>])[] = [
    ['checksum', 'a wrong TCP checksum', { checksum: 'wrong' }],
    ['hops', 'a TTL that does not reach', { ttl: 2 }],
    [
      'md5',
      'an MD5 signature',
      { options: emitTcpOptions([{ kind: 'md5', digest: new Uint8Array(16) }]) },
    ],
    ['ack', 'no ACK flag', { flags: PSH, acknowledgment: 0 }],
    ['ack', 'an acknowledgment of what was never sent', { acknowledgment: 99_999 }],
    ['timestamp', 'a timestamp of the past', { options: timestamps(5) }],
  ];
  const on = (check: CensorCheck): CensorChecks => ({
    ...NO_CHECKS,
    [check]: check === 'hops' ? 3 : true,
  });

  for (const ends of [V4, V6])
    for (const [check, what, spec] of insertions)
      it(`fault() ignores ${what} of ${ends.client} where ${check} is checked`, () => {
        for (const isChecked of [true, false]) {
          const book = new Playbook([sniRule(RESET)], {
            checks: isChecked ? on(check) : NO_CHECKS,
          });
          for (const packet of handshake(ends)) book.judge(packet);
          book.judge(stamped(ends, 1000));
          expect(book.judge(insertion(ends, spec))).to.equal('pass');
          book.judge(clientData(ends, BLOCKED));
          expect(book.actions().includes('reset')).to.equal(isChecked);
          expect(book.censor.statistics.ignored[check]).to.equal(isChecked ? 1 : 0);
        }
      });

  it('fault() ignores what the receiver’s window does not reach', () => {
    for (const isChecked of [true, false]) {
      const rules = [rule([{ field: 'tcp.flags', set: ['PSH'], clear: [] }], DROP)];
      const book = new Playbook(rules, { checks: isChecked ? on('window') : NO_CHECKS });
      for (const packet of handshake(V4)) book.judge(packet);
      expect(book.judge(insertion(V4, { sequence: 1001 + 70_000 }))).to.equal(
        isChecked ? 'pass' : 'drop',
      );
      expect(book.judge(insertion(V4, { sequence: 1001 + 60_000 }))).to.equal('drop');
    }
  });

  it('fault() ignores a SYN in the midst of a connection where windows are checked', () => {
    const syn = fromClient(V4, { sequence: 777_777, flags: SYN });
    for (const isChecked of [true, false]) {
      const book = new Playbook([sniRule(RESET)], { checks: isChecked ? on('window') : NO_CHECKS });
      for (const packet of [...handshake(V4), syn]) book.judge(packet);
      expect(book.censor.statistics.flows).to.equal(isChecked ? 1 : 2);
    }
  });

  it('fault() believes a RST only inside the window', () => {
    for (const [sequence, known] of [
      [5001, 0],
      [1, 1],
    ] as const) {
      const state = { ...DEFAULT_STATE, teardownOn: ['RST'] } as const;
      const book = new Playbook([sniRule(RESET)], { checks: on('window'), state });
      for (const packet of handshake(V4)) book.judge(packet);
      book.judge(fromServer(V4, { sequence, flags: RST }));
      expect(book.censor.statistics.known).to.equal(known);
    }
  });

  it('fault() begins no flow for what it ignores', () => {
    const book = new Playbook([sniRule(RESET)], { checks: { ...on('checksum'), hops: 3 } });
    book.judge(fromClient(V4, { sequence: 1, flags: SYN, ttl: 2 }));
    book.judge(fromClient(V4, { sequence: 1, flags: SYN, checksum: 'wrong' }));
    book.judge(fromClient(V4, { sequence: 1, flags: SYN, ipChecksum: 'wrong' }));
    expect(book.censor.statistics).to.deep.include({ flows: 0, packets: 3 });
    // The server's are not asked about their way: they have come.
    book.judge(fromServer(V4, { sequence: 1, acknowledgment: 2, flags: SYN | ACK, ttl: 1 }));
    expect(book.censor.statistics.flows).to.equal(1);
  });

  it('fault() sums datagrams too', () => {
    const rules = [rule([{ field: 'dns.qname', names: ['*'] }], { ...DROP, scope: 'packet' })];
    const book = new Playbook(rules, { checks: on('checksum') });
    const asked = datagram({ ...V4, serverPort: 53 }, query('blocked.example'));
    const spoilt = asked.slice();
    spoilt[27] = (spoilt[27] ?? 0) ^ 1;
    expect(book.judge(spoilt)).to.equal('pass');
    expect(book.judge(asked)).to.equal('drop');
  });

  it('createChecks() gives nothing to do when all are off', () => {
    expect(createChecks(NO_CHECKS)).to.equal(null);
    expect(createChecks(on('ack'))).not.to.equal(null);
  });

  it('fault() takes nothing sound for an insertion', () => {
    const all = { checksum: true, md5: true, ack: true, window: true, timestamp: true };
    const checks = { ...NO_CHECKS, ...all, hops: 3 };
    for (const ends of [V4, V6]) {
      const book = new Playbook([sniRule(RESET)], { checks });
      for (const packet of handshake(ends)) book.judge(packet);
      book.judge(clientData(ends, text('GET / HTTP/1.1\r\n')));
      book.judge(
        fromServer(ends, {
          sequence: 5001,
          acknowledgment: 1017,
          flags: ACK,
          options: timestamps(5),
        }),
      );
      book.judge(
        fromServer(ends, {
          sequence: 5001,
          acknowledgment: 1017,
          flags: ACK,
          options: timestamps(5),
          payload: text('x'),
        }),
      );
      book.judge(clientData(ends, text('more'), 16, 5002));
      const { ignored } = book.censor.statistics;
      expect(Object.values(ignored)).to.deep.equal([0, 0, 0, 0, 0, 0, 0]);
    }
  });

  it('fault() ignores words that do not begin where the last ended, where order is checked', () => {
    for (const inOrder of [true, false]) {
      const book = new Playbook([sniRule(RESET)], {
        checks: { ...NO_CHECKS, inOrder },
        reassembly: { ...DEFAULT_REASSEMBLY, tcp: false },
      });
      for (const packet of handshake(V4)) book.judge(packet);
      book.judge(clientData(V4, BLOCKED, 50));
      expect(book.actions().includes('reset')).to.equal(!inOrder);
      expect(book.censor.statistics.ignored.inOrder).to.equal(inOrder ? 1 : 0);
    }
  });

  it('fault() lets nothing out of order pass once the flow is decided', () => {
    const book = new Playbook([sniRule(DROP)], { checks: { ...NO_CHECKS, inOrder: true } });
    for (const packet of handshake(V4)) book.judge(packet);
    expect(book.judge(clientData(V4, BLOCKED))).to.equal('drop');
    expect(book.judge(clientData(V4, text('x'), 5000))).to.equal('drop');
  });
});
