// `serve` entries → services.
import { parseIp } from '../../base/addresses.ts';
import type { Traffic, DnsRecord as WrittenRecord } from '../../model/scenario-file.ts';
import type { DnsRecord, ServeSpec, Service } from '../../model/traffic.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import { LAB_DOMAIN } from './host-names.ts';
import type { Lab } from './lab.ts';
import { bytes, millis } from './quantity.ts';
import { reportBridge } from './places.ts';
import type { Node } from './topology.ts';
import { withWebNames } from './web/web-records.ts';
import type { WebContent } from './web/web.ts';

export interface ResolvedService {
  readonly path: Path;
  readonly service: Service;
}

export const DEFAULT_PORTS = {
  http: 80,
  tls: 443,
  quic: 443,
  dns: 53,
  dot: 853,
  doh: 443,
} as const;
const PAGE_SIZE = '1KiB';

export function resolveServices(context: Context, lab: Lab): readonly ResolvedService[] {
  return (context.scenario.traffic ?? []).flatMap((entry, index) => {
    if (entry.serve === undefined) return [];
    const path = ['traffic', index];
    if (entry.on === undefined) {
      context.report('S097', path, `The service "${entry.name}" is on no host`, {
        help: 'Add "on" with the host that serves',
      });
      return [];
    }
    const node = lab.topology.nodes.get(entry.on);
    if (node === undefined) return [];
    const place = [...path, 'serve'];
    const specs = specsOf(context, lab, node, entry.serve, place, lab.web.get(index));
    const addresses = node.members.flatMap((member) => member.addresses.map(({ text }) => text));
    return specs.map((serve): ResolvedService => {
      const name = specs.length === 1 ? entry.name : `${entry.name}-${serve.kind}`;
      return { path, service: { name, on: node.name, addresses, serve } };
    });
  });
}

function specsOf(
  context: Context,
  lab: Lab,
  node: Node,
  serve: NonNullable<Traffic['serve']>,
  path: Path,
  content: WebContent | undefined,
): readonly ServeSpec[] {
  const { http, tls, web, dns, quic, echo } = serve;
  const namesOf = (written: string | readonly string[] | undefined): string[] =>
    written === undefined
      ? [node.name, `${node.name}.${LAB_DOMAIN}`]
      : [written].flat().map((name) => name.toLowerCase());
  const specs: ServeSpec[] = [];
  if (http !== undefined)
    specs.push({
      kind: 'http',
      port: http.port ?? DEFAULT_PORTS.http,
      sites: Object.entries(http.sites ?? {}).map(([host, site]) =>
        typeof site === 'string'
          ? { host: host.toLowerCase(), status: 200, body: site }
          : { host: host.toLowerCase(), status: site.status ?? 200, body: site.body ?? '' },
      ),
      size: bytes(http.size ?? PAGE_SIZE),
    });
  if (tls !== undefined)
    specs.push({
      kind: 'tls',
      port: tls.port ?? DEFAULT_PORTS.tls,
      names: namesOf(tls.names),
      size: bytes(tls.size ?? PAGE_SIZE),
      ...(tls.http2 === true ? { http2: true } : {}),
    });
  if (web !== undefined && content !== undefined) {
    const { http: plain, https } = web.ports ?? {
      http: DEFAULT_PORTS.http,
      https: DEFAULT_PORTS.tls,
    };
    specs.push({
      kind: 'web',
      port: plain ?? https ?? DEFAULT_PORTS.http,
      ports: { http: plain ?? null, https: https ?? null },
      ...content,
      timing: web.timing ?? 'none',
    });
  }
  if (dns !== undefined)
    specs.push({
      kind: 'dns',
      port: dns.port ?? DEFAULT_PORTS.dns,
      records: withWebNames(
        lab,
        Object.entries(dns.records).flatMap(([name, record]) =>
          recordsOf(context, lab, name, record, [...path, 'dns', 'records', name]),
        ),
      ),
      ttl: Math.round(millis(dns.ttl ?? '60s') / 1000),
      ...(dns.dot === undefined && dns.doh === undefined
        ? {}
        : { secure: { dot: dns.dot ?? null, doh: dns.doh ?? null, names: namesOf(dns.names) } }),
    });
  if (quic !== undefined)
    specs.push({
      kind: 'quic',
      port: quic.port ?? DEFAULT_PORTS.quic,
      names: namesOf(quic.names),
      ...(quic.size === undefined ? {} : { size: bytes(quic.size) }),
    });
  if (echo?.tcp !== undefined) specs.push({ kind: 'tcp-echo', port: echo.tcp });
  if (echo?.udp !== undefined) specs.push({ kind: 'udp-echo', port: echo.udp });
  return specs;
}

function recordsOf(
  context: Context,
  lab: Lab,
  written: string,
  record: WrittenRecord,
  path: Path,
): readonly DnsRecord[] {
  const name = canonicalName(written);
  if (typeof record === 'object' && !Array.isArray(record)) {
    return WRITTEN_TYPES.flatMap(([key, type]) => {
      const values = record[key] === undefined ? [] : [record[key]].flat();
      return values.map((value) => ({
        name,
        type,
        value: type === 'TXT' || type === 'HTTPS' ? value : canonicalName(value),
      }));
    });
  }
  return [record].flat().flatMap((value, index) => {
    const at = Array.isArray(record) ? [...path, index] : path;
    return addressesOf(context, lab, value, at).map((address): DnsRecord => ({
      name,
      type: address.includes(':') ? 'AAAA' : 'A',
      value: address,
    }));
  });
}

const WRITTEN_TYPES = [
  ['cname', 'CNAME'],
  ['txt', 'TXT'],
  ['mx', 'MX'],
  ['ns', 'NS'],
  ['ptr', 'PTR'],
  ['srv', 'SRV'],
  ['soa', 'SOA'],
  ['https', 'HTTPS'],
] as const;

/** An address as it is, or all addresses of a host. */
function addressesOf(context: Context, lab: Lab, value: string, path: Path): readonly string[] {
  if (parseIp(value).ok) return [value];
  const node = lab.topology.nodes.get(value);
  if (node?.bridge !== undefined) reportBridge(context, node, path);
  if (node !== undefined)
    return node.members.flatMap(({ addresses }) => addresses.map(({ text }) => text));
  if (!context.written.nodes.has(value))
    context.report('S060', path, `Expected an address, a host or a container, found "${value}"`, {
      help: context.suggest(value, lab.topology.nodes.keys()),
    });
  return [];
}

const canonicalName = (name: string): string => name.toLowerCase().replace(/\.$/, '');
