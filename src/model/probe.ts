// What probes beyond the plain ones are asked to do, resolved.

/** Where a probe goes: resolved to an address at compile time, with the name as written. */
export interface Target {
  readonly host: string;
  readonly address: string;
  /** 0 where the protocol has no ports. */
  readonly port: number;
}

export type HttpVersion = '1.1' | '2';
export type TlsVersion = '1.2' | '1.3';

/** Record types that probes ask for and servers know. */
export type DnsType =
  'A' | 'AAAA' | 'CNAME' | 'TXT' | 'MX' | 'NS' | 'SOA' | 'PTR' | 'SRV' | 'HTTPS';

/** How a ClientHello differs from what Node sends by itself; what is absent does not. */
export interface HelloShape {
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
  /** An Encrypted Client Hello extension of random content (RFC 9849 section 6.2). */
  readonly ech?: 'grease';
  /** Bytes of the ClientHello in each TLS record; the rest goes in a last one. */
  readonly records?: readonly number[];
  /** Bytes of the first flight in each TCP segment; the rest goes in a last one. */
  readonly segments?: readonly number[];
}

export interface HttpsProbe {
  readonly kind: 'https';
  readonly target: Target;
  /** Empty sends no SNI. */
  readonly sni: string;
  readonly hostHeader: string;
  readonly method: string;
  readonly path: string;
  /** Null leaves it to the server's choice of `alpn`. */
  readonly version: HttpVersion | null;
  readonly alpn: readonly string[];
  readonly verify: boolean;
  readonly expectStatus: number | null;
  readonly timeout: number;
}

/** What DNS over TLS (RFC 7858) and DNS over HTTPS (RFC 8484) need besides the question. */
export interface SecureLookup {
  /** Empty sends no SNI. */
  readonly serverName: string;
  readonly verify: boolean;
  /** The rest is for `doh`. */
  readonly path: string;
  readonly method: 'POST' | 'GET';
  readonly version: HttpVersion;
}

export interface QuicProbe {
  readonly kind: 'quic';
  readonly target: Target;
  /** Empty sends no SNI. */
  readonly sni: string;
  /** Path asked for over HTTP/3 after the handshake, or null for the handshake alone. */
  readonly get: string | null;
  /** As in the long header (RFC 9000 section 15). */
  readonly version: number;
  readonly timeout: number;
  /** Absent: it stays with its address. */
  readonly migrate?: QuicMigration;
}

/** The client changes its address once, to the one that its routes then give it, and validates the path (RFC 9000 section 9). */
export interface QuicMigration {
  /** Milliseconds after the handshake. */
  readonly after: number;
}

export interface PingProbe {
  readonly kind: 'ping';
  readonly target: Target;
  readonly count: number;
  /** Bytes of data in each request. */
  readonly size: number;
  readonly ttl: number;
  /** Milliseconds between two requests. */
  readonly interval: number;
  readonly timeout: number;
}

export interface TracerouteProbe {
  readonly kind: 'traceroute';
  readonly target: Target;
  readonly payload: TracePayload;
  readonly maxTtl: number;
  /** Milliseconds to wait for an answer at each TTL. */
  readonly hopTimeout: number;
  /** How often each TTL is tried. */
  readonly attempts: number;
  readonly timeout: number;
}

export type TracePayload =
  | { readonly kind: 'icmp' | 'udp' | 'tcp' }
  | { readonly kind: 'tls'; /** Empty sends no SNI. */ readonly sni: string }
  | { readonly kind: 'dns' | 'dns-tcp'; readonly qname: string };
