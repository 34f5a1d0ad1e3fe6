import { expect } from 'chai';
import { NO_FACTS, quicOutcome, readQuicLine } from '../../src/traffic/quic-log.ts';
import type { QuicFacts } from '../../src/traffic/quic-log.ts';

// Lines of gtlsclient of ngtcp2 0.12.1.
const SENT = 'Sent packet: local=[10.9.0.1]:55959 remote=[10.9.0.2]:443 ecn=0x2 1200 bytes';
const RECEIVED = 'Received packet: local=[10.9.0.1]:55959 remote=[10.9.0.2]:443 ecn=0x2 1200 bytes';
const SHAKEN = 'QUIC handshake has completed';
const STATUS = 'http: stream 0x0 [:status: 404]';
const WHOLE = 'HTTP stream 0 closed with error code 256';
const ID = '0xcc8ac257764d2a501f35629cc13302f421';
const page = (offset: number, length: number): string =>
  `I00000045 ${ID} frm rx 145 1RTT STREAM(0x0e) id=0x0 fin=0 offset=${offset} len=${length} uni=0`;
const challenge = (at: number): string =>
  `I${String(at).padStart(8, '0')} ${ID} frm rx 217 1RTT PATH_CHALLENGE(0x1a) data=0x1d427bd9dbc7843b`;
const roundTrip = (ms: number): string =>
  `I00000013 ${ID} rcv latest_rtt=13 min_rtt=13 smoothed_rtt=${ms} rttvar=6 ack_delay=0`;
const validation = (how: string): string =>
  `Path validation against path {local:[10.45.2.1]:45644, remote:[10.0.1.4]:443} ${how}`;
const REFUSED = 'ngtcp2_conn_read_pkt: ERR_RECV_VERSION_NEGOTIATION';
const CLOSED =
  'I00000004 0xd1c2 frm rx 1 Handshake CONNECTION_CLOSE(0x1c) error_code=CRYPTO_ERROR(0x178) frame_type=0';
const EXPIRED = 'ngtcp2_conn_handle_expiry: ERR_HANDSHAKE_TIMEOUT';

const read = (...lines: string[]): QuicFacts => lines.reduce(readQuicLine, NO_FACTS);

describe('traffic/quic-log', () => {
  it('readQuicLine() gathers what the client tells', () => {
    expect(read(SENT, RECEIVED, SHAKEN, STATUS)).to.deep.equal({
      fiveTuple: {
        ...{ protocol: 'udp', source: '10.9.0.1', sourcePort: 55_959 },
        ...{ destination: '10.9.0.2', destinationPort: 443 },
      },
      ...{ isAnswered: true, isShaken: true, isRefused: false, closedBy: null, fault: null },
      ...{ status: 404, received: 0, isWhole: false, challengedAt: null, rtt: 0 },
      ...{ locals: ['[10.9.0.1]:55959'], reached: '[10.9.0.1]:55959', proven: [] },
      paths: { challenged: 0, validated: 0, failed: 0 },
    });
  });

  it('readQuicLine() counts the page up to the last byte that came', () =>
    expect(read(SENT, page(2802, 1401), page(0, 1401), WHOLE)).to.include({
      ...{ received: 4203, isWhole: true },
    }));

  it('readQuicLine() takes a page that was broken off for no whole one', () =>
    expect(read(SENT, STATUS, 'HTTP stream 0 closed with error code 258').isWhole).to.equal(false));

  it('readQuicLine() takes challenges within two round trips for those of one change', () => {
    // As ngtcp2's server sends them when its client appears at another address: two, and a round trip later two.
    const change = (at: number): string[] => [at, at + 1, at + 44, at + 45].map(challenge);
    const lines = [SHAKEN, roundTrip(45), ...change(164), ...change(360), ...change(900)];
    expect(read(...lines).paths).to.deep.equal({ challenged: 3, validated: 0, failed: 0 });
    expect(read(...lines, challenge(1020)).paths.challenged).to.equal(3);
    expect(read(roundTrip(13), challenge(100), challenge(147)).paths.challenged).to.equal(2);
  });

  it('readQuicLine() counts an address that the client went over to once, whenever and wherever it is challenged', () => {
    const moved = (line: string): string => line.replaceAll('10.9.0.1', '10.9.3.1');
    const lines = [SENT, RECEIVED, SHAKEN, moved(SENT), moved(RECEIVED), challenge(400)];
    const late = [challenge(900), RECEIVED, challenge(1500), moved(RECEIVED), challenge(2000)];
    expect(read(...lines, ...late).paths.challenged).to.equal(1);
    const again = (line: string): string => line.replaceAll('10.9.0.1', '10.9.4.1');
    const back = [again(SENT), again(RECEIVED), challenge(2010)];
    expect(read(...lines, ...late, ...back).paths.challenged).to.equal(2);
  });

  it('readQuicLine() counts the paths that the client went over to', () =>
    expect(read(validation('succeeded'), validation('failed')).paths).to.deep.equal({
      ...{ challenged: 0, validated: 1, failed: 1 },
    }));

  for (const [title, lines, wantsPage, isOutOfTime, failure, operation] of [
    ['a handshake', [SENT, RECEIVED, SHAKEN], false, false, null, null],
    ['a page', [SENT, RECEIVED, SHAKEN, STATUS, WHOLE], true, false, null, null],
    [
      'a page that stops in the middle',
      [SENT, RECEIVED, SHAKEN, STATUS, page(0, 1401)],
      true,
      true,
      'generic_timeout_error',
      'read',
    ],
    [
      'a page that never comes',
      [SENT, RECEIVED, SHAKEN],
      true,
      true,
      'generic_timeout_error',
      'read',
    ],
    [
      'another version',
      [SENT, RECEIVED, REFUSED],
      false,
      false,
      'quic_incompatible_version',
      'quic_handshake',
    ],
    ['an alert', [SENT, RECEIVED, CLOSED], false, false, 'ssl_failed_handshake', 'quic_handshake'],
    ['silence', [SENT, EXPIRED], false, false, 'generic_timeout_error', 'quic_handshake'],
    [
      'an end without a word',
      [SENT],
      false,
      false,
      'unknown_failure: the client ended by itself',
      'quic_handshake',
    ],
  ] as const)
    it(`quicOutcome() takes ${title} for ${failure ?? 'success'}`, () => {
      const outcome = quicOutcome(read(...lines), wantsPage, isOutOfTime);
      expect(outcome).to.include({ failure, operation });
    });
});
