// What a `probe` asks for → what is done, defaults filled in.
import { parseIp } from '../../base/addresses.ts';
import type { HelloShape, HttpVersion, TracePayload } from '../../model/probe.ts';
import type { Probe } from '../../model/scenario-file.ts';
import type { ProbeSpec, Target } from '../../model/traffic.ts';
import { bytes, millis } from './quantity.ts';
import { DEFAULT_PORTS } from './services.ts';

const PROBE_TIMEOUT = '10s';
/** Milliseconds that the last answer to a ping may take. */
const LAST_REPLY = 2000;
/** Milliseconds that each step of a traceroute may take besides waiting. */
const STEP = 500;

/** Undefined where the port must be written, 0 where there is none. */
export function defaultPort(probe: Probe): number | undefined {
  if (probe.http !== undefined) return DEFAULT_PORTS.http;
  if (probe.https !== undefined || probe.tls !== undefined) return DEFAULT_PORTS.tls;
  if (probe.quic !== undefined) return DEFAULT_PORTS.quic;
  if (probe.ping !== undefined) return 0;
  if (probe.traceroute !== undefined) return TRACE_PORTS[probe.traceroute.payload ?? 'icmp'];
  return probe.dns === undefined ? undefined : DNS_PORTS[probe.dns.transport ?? 'udp'];
}

const DNS_PORTS = {
  udp: DEFAULT_PORTS.dns,
  tcp: DEFAULT_PORTS.dns,
  dot: DEFAULT_PORTS.dot,
  doh: DEFAULT_PORTS.doh,
};

/** That of UDP is the one traceroute(8) begins with. */
const TRACE_PORTS = {
  icmp: 0,
  udp: 33_434,
  tcp: DEFAULT_PORTS.http,
  tls: DEFAULT_PORTS.tls,
  dns: DEFAULT_PORTS.dns,
  'dns-tcp': DEFAULT_PORTS.dns,
};

/** `limit` is the time an attempt may take, as written. */
export function resolveProbe(
  probe: Probe,
  target: Target,
  limit: string | undefined,
): ProbeSpec | undefined {
  const timeout = millis(limit ?? PROBE_TIMEOUT);
  const { tcp, udp, http, https, tls, dns, quic, ping, traceroute } = probe;
  if (tcp !== undefined)
    return { kind: 'tcp', target, size: tcp.size === undefined ? 0 : bytes(tcp.size), timeout };
  if (udp !== undefined) return { kind: 'udp', target, size: bytes(udp.size ?? '32B'), timeout };
  if (http !== undefined)
    return {
      kind: 'http',
      target,
      method: http.method ?? 'GET',
      hostHeader: http.host ?? hostHeader(target.host, target.port, DEFAULT_PORTS.http),
      path: http.path ?? '/',
      timeout,
      expectStatus: http.status ?? null,
      ...(httpVersion(http.version) === '2' ? { version: '2' } : {}),
    };
  if (https !== undefined) return httpsProbe(https, target, timeout);
  if (tls !== undefined) {
    const hello = helloShape(tls);
    return {
      kind: 'tls',
      target,
      sni: serverName(tls.sni, target),
      alpn: tls.alpn ?? [],
      get: tls.get ?? null,
      verify: tls.verify ?? true,
      timeout,
      ...(hello === undefined ? {} : { hello }),
    };
  }
  if (dns !== undefined) return dnsProbe(dns, target, timeout);
  if (quic !== undefined)
    return {
      kind: 'quic',
      target,
      sni: serverName(quic.sni, target),
      get: quic.get ?? null,
      version: Number(quic.version ?? 1),
      timeout,
      ...(quic.migrate === undefined ? {} : { migrate: { after: millis(quic.migrate.after) } }),
    };
  if (ping !== undefined) {
    const { count = 3, ttl = 64 } = ping;
    const interval = millis(ping.interval ?? '200ms');
    return {
      ...{ kind: 'ping', target, count, ttl, interval },
      size: bytes(ping.size ?? '56B'),
      timeout: limit === undefined ? (count - 1) * interval + LAST_REPLY : timeout,
    };
  }
  if (traceroute !== undefined) {
    const { maxTtl = 16, attempts = 1 } = traceroute;
    const hopTimeout = millis(traceroute.hopTimeout ?? '1s');
    return {
      ...{ kind: 'traceroute', target, maxTtl, hopTimeout, attempts },
      payload: tracePayload(traceroute, target),
      timeout: limit === undefined ? maxTtl * attempts * (2 * hopTimeout + STEP) : timeout,
    };
  }
  return undefined;
}

function httpsProbe(
  https: NonNullable<Probe['https']>,
  target: Target,
  timeout: number,
): ProbeSpec {
  const version = https.version === undefined ? null : httpVersion(https.version);
  const offered = version === null ? (['2', '1.1'] as const) : [version];
  const sni = serverName(https.sni, target);
  return {
    kind: 'https',
    target,
    sni,
    hostHeader: https.host ?? hostHeader(sni || target.host, target.port, DEFAULT_PORTS.tls),
    method: https.method ?? 'GET',
    path: https.path ?? '/',
    version,
    alpn: https.alpn ?? offered.map((one) => ALPN_OF[one]),
    verify: https.verify ?? true,
    expectStatus: https.status ?? null,
    timeout,
  };
}

/** The names of HTTP in TLS: RFC 7301 section 6 and RFC 9113 section 3.1. */
const ALPN_OF: Readonly<Record<HttpVersion, string>> = { '1.1': 'http/1.1', '2': 'h2' };

function dnsProbe(dns: NonNullable<Probe['dns']>, target: Target, timeout: number): ProbeSpec {
  const transport = dns.transport ?? 'udp';
  const secure = {
    serverName: serverName(dns.serverName, target),
    verify: dns.verify ?? true,
    path: dns.path ?? '/dns-query',
    method: dns.method ?? 'POST',
    version: dns.version === undefined ? '2' : httpVersion(dns.version),
  } as const;
  return {
    kind: 'dns',
    target,
    qname: canonicalName(dns.qname),
    qtype: dns.qtype ?? 'A',
    transport,
    timeout,
    expectAnswers: dns.answers === undefined ? [] : [dns.answers].flat(),
    ...(transport === 'dot' || transport === 'doh' ? { secure } : {}),
  };
}

function helloShape(tls: NonNullable<Probe['tls']>): HelloShape | undefined {
  const { ech, records, segments } = tls;
  const shape = {
    ...(tls.minVersion === undefined ? {} : { minVersion: tlsVersion(tls.minVersion) }),
    ...(tls.maxVersion === undefined ? {} : { maxVersion: tlsVersion(tls.maxVersion) }),
    ...(ech === undefined ? {} : { ech }),
    ...(records === undefined ? {} : { records }),
    ...(segments === undefined ? {} : { segments }),
  };
  return Object.keys(shape).length === 0 ? undefined : shape;
}

function tracePayload(written: NonNullable<Probe['traceroute']>, target: Target): TracePayload {
  const kind = written.payload ?? 'icmp';
  switch (kind) {
    case 'icmp':
    case 'udp':
    case 'tcp':
      return { kind };
    case 'tls':
      return { kind, sni: serverName(written.sni, target) };
    case 'dns':
    case 'dns-tcp':
      return { kind, qname: canonicalName(written.qname ?? target.host) };
  }
}

/** RFC 6066 section 3: literal addresses are not permitted in "HostName". */
const serverName = (written: string | undefined, { host }: Target): string =>
  written ?? (parseIp(host).ok ? '' : host);

/** RFC 9110 section 7.2: the port is left out where it is the scheme's own. */
function hostHeader(host: string, port: number, usual: number): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === usual ? name : `${name}:${port}`;
}

const canonicalName = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** YAML reads a version without quotes as a number. */
const httpVersion = (written: string | number | undefined): HttpVersion =>
  String(written) === '2' ? '2' : '1.1';
const tlsVersion = (written: string | number): '1.2' | '1.3' =>
  String(written) === '1.2' ? '1.2' : '1.3';
