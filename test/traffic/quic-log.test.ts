import { expect } from 'chai';
import { NO_FACTS, quicOutcome, readQuicLine } from '../../src/traffic/quic-log.ts';
import type { QuicFacts } from '../../src/traffic/quic-log.ts';

// Lines of gtlsclient of ngtcp2 0.12.1.
const SENT = 'Sent packet: local=[10.9.0.1]:55959 remote=[10.9.0.2]:443 ecn=0x2 1200 bytes';
const RECEIVED = 'Received packet: local=[10.9.0.1]:55959 remote=[10.9.0.2]:443 ecn=0x2 1200 bytes';
const SHAKEN = 'QUIC handshake has completed';
const STATUS = 'http: stream 0x0 [:status: 404]';
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
      status: 404,
    });
  });

  for (const [title, lines, wantsPage, isOutOfTime, failure, operation] of [
    ['a handshake', [SENT, RECEIVED, SHAKEN], false, false, null, null],
    ['a page', [SENT, RECEIVED, SHAKEN, STATUS], true, false, null, null],
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
