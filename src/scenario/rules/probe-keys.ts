import type { Probe } from '../../model/scenario-file.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** The keys of a probe go together. */
export const probeKeys: Rule = (context) => {
  for (const [index, { probe }] of (context.scenario.traffic ?? []).entries()) {
    const path = ['traffic', index, 'probe'];
    checkTls(context, probe?.tls, [...path, 'tls']);
    checkHttps(context, probe?.https, [...path, 'https']);
    checkDns(context, probe?.dns, [...path, 'dns']);
    checkQuic(context, probe?.quic, [...path, 'quic']);
    checkTraceroute(context, probe?.traceroute, [...path, 'traceroute']);
  }
};

function checkTls(context: Context, tls: Probe['tls'], path: Path): void {
  if (tls === undefined) return;
  const lowest = String(tls.minVersion ?? '1.2');
  const highest = String(tls.maxVersion ?? '1.3');
  if (lowest > highest)
    context.report(
      'S098',
      [...path, 'minVersion'],
      `The lowest version, ${lowest}, is above the highest, ${highest}`,
      { help: 'Lower "minVersion" or raise "maxVersion"' },
    );
  if (tls.ech !== undefined && highest === '1.2')
    context.report('S098', [...path, 'ech'], 'Encrypted Client Hello needs TLS 1.3', {
      key: true,
      help: 'Remove "maxVersion"',
    });
}

function checkHttps(context: Context, https: Probe['https'], path: Path): void {
  if (https?.alpn === undefined) return;
  const wished = https.version === undefined ? undefined : String(https.version);
  if (wished === '2' && !https.alpn.includes('h2'))
    context.report('S098', [...path, 'alpn'], 'HTTP/2 over TLS needs "h2" among the protocols', {
      help: 'Add h2, or leave "alpn" out',
    });
}

function checkDns(context: Context, dns: Probe['dns'], path: Path): void {
  if (dns === undefined) return;
  const transport = dns.transport ?? 'udp';
  const keys = [
    ...(transport === 'doh' ? [] : (['path', 'method', 'version'] as const)),
    ...(transport === 'doh' || transport === 'dot' ? [] : (['serverName', 'verify'] as const)),
  ];
  for (const key of keys)
    if (dns[key] !== undefined) reportMisplaced(context, key, `transport: ${transport}`, path);
}

/** A connection that ends with its handshake has no path to change. */
function checkQuic(context: Context, quic: Probe['quic'], path: Path): void {
  if (quic?.migrate === undefined || quic.get !== undefined) return;
  context.report('S221', [...path, 'migrate'], 'The connection ends with its handshake', {
    key: true,
    help: 'Add "get" with a page that takes longer than "after"',
  });
}

function checkTraceroute(context: Context, traceroute: Probe['traceroute'], path: Path): void {
  if (traceroute === undefined) return;
  const payload = traceroute.payload ?? 'icmp';
  const isDns = payload === 'dns' || payload === 'dns-tcp';
  if (traceroute.sni !== undefined && payload !== 'tls')
    reportMisplaced(context, 'sni', `payload: ${payload}`, path);
  if (traceroute.qname !== undefined && !isDns)
    reportMisplaced(context, 'qname', `payload: ${payload}`, path);
  if (traceroute.qname === undefined && isDns)
    context.report('S098', path, 'A DNS query asks for a name', { help: 'Add "qname"' });
}

function reportMisplaced(context: Context, key: string, beside: string, path: Path): void {
  context.report('S098', [...path, key], `The key "${key}" does not go with "${beside}"`, {
    key: true,
    help: `Remove "${key}"`,
  });
}
