/** Why a connection fails; `code` is one that Node's TLS would give, so that both fail with the same OONI string. */
export class TlsFault extends Error {
  override readonly name = 'TlsFault';
  readonly code: string;
  /** The alert that tells the peer, null when it is the peer who told. */
  readonly alert: number | null;

  constructor(code: string, message: string, alert: number | null = ALERT.illegalParameter) {
    super(message);
    this.code = code;
    this.alert = alert;
  }
}

/** RFC 8446 section 6. */
export const ALERT = {
  closeNotify: 0,
  unexpectedMessage: 10,
  badRecordMac: 20,
  handshakeFailure: 40,
  badCertificate: 42,
  certificateExpired: 45,
  illegalParameter: 47,
  unknownCa: 48,
  decodeError: 50,
  decryptError: 51,
  protocolVersion: 70,
} as const;

/** The names of RFC 8446 section 6.2 that a server may well answer a hello with. */
const NAMES: Readonly<Record<number, string>> = {
  10: 'unexpected_message',
  20: 'bad_record_mac',
  22: 'record_overflow',
  40: 'handshake_failure',
  42: 'bad_certificate',
  47: 'illegal_parameter',
  50: 'decode_error',
  51: 'decrypt_error',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  109: 'missing_extension',
  110: 'unsupported_extension',
  112: 'unrecognized_name',
  116: 'certificate_required',
  120: 'no_application_protocol',
  121: 'ech_required',
};

export const alertFault = (alert: number): TlsFault =>
  new TlsFault('ERR_SSL_ALERT', `The server sent the alert ${NAMES[alert] ?? alert}`, null);

export const malformed = (what: string): TlsFault =>
  new TlsFault('ERR_SSL_DECODE_ERROR', `The server's ${what} is malformed`, ALERT.decodeError);
