import { randomBytes } from 'node:crypto';
import type { TracePayload } from '../../../../model/probe.ts';
import { frameDns } from '../../../../traffic/dns-frame.ts';
import { unknownFailure } from '../../../../traffic/failure.ts';
import { DNS_TYPE, buildDnsQuery, formatRcode, parseDns } from '../../../../wire/dns.ts';
import { buildBrowserHello, buildTlsRecords } from '../../../../wire/tls-build.ts';
import { ProbeFailure } from '../../measurement.ts';
import type { Measurement } from '../../measurement.ts';

/** The bytes that a packet of a traceroute carries; null where it asks nothing. */
export function tracePayload(payload: TracePayload): Uint8Array | null {
  switch (payload.kind) {
    case 'icmp':
    case 'udp':
    case 'tcp':
      return null;
    case 'tls':
      return buildTlsRecords(helloFor(payload.sni));
    case 'dns':
      return queryFor(payload.qname);
    case 'dns-tcp':
      return frameDns(queryFor(payload.qname));
  }
}

/** A hello that a server answers; the handshake goes no further. */
const helloFor = (sni: string): Uint8Array =>
  buildBrowserHello({
    serverName: sni === '' ? null : sni,
    random: randomBytes(32),
    sessionId: randomBytes(32),
    // Any 32 bytes are a public key of X25519 (RFC 7748 section 5).
    keyShares: [{ group: 0x001d, key: randomBytes(32) }],
  });

function queryFor(qname: string): Uint8Array {
  const query = buildDnsQuery(Math.floor(Math.random() * 0x1_0000), qname, DNS_TYPE.A);
  if (!query.ok) throw new ProbeFailure(unknownFailure(query.error), query.error);
  return query.value;
}

/** The first bytes of an answer in a few words. DNS answers are noted as those of the flow. */
export function describePayload(
  payload: TracePayload,
  bytes: Uint8Array,
  { findings }: Measurement,
): { readonly detail?: string } {
  switch (payload.kind) {
    case 'tls':
      return { detail: describeTls(bytes) };
    case 'dns':
    case 'dns-tcp': {
      const message = parseDns(payload.kind === 'dns' ? bytes : bytes.subarray(2));
      if (!message.ok) return {};
      const answers = message.value.answers
        .filter(({ type }) => type === DNS_TYPE.A)
        .map(({ value }) => value);
      findings.answers ??= answers;
      return { detail: answers.join(', ') || formatRcode(message.value.rcode) };
    }
    case 'icmp':
    case 'udp':
    case 'tcp':
      return {};
  }
}

const HANDSHAKE = 22;
const ALERT = 21;

function describeTls(bytes: Uint8Array): string {
  if (bytes[0] === HANDSHAKE) return 'TLS handshake';
  return bytes[0] === ALERT ? `TLS alert ${bytes[6] ?? ''}`.trim() : 'not TLS';
}
