// What a WireGuard interface is told, in the two languages it is told in. Pure.

/** Keys are base64 of 32 bytes, as wg(8) writes them. */
export interface WireguardConfiguration {
  readonly privateKey: string;
  /** The UDP port it listens on. */
  readonly port: number;
  /** Of its UDP packets; absent: none. */
  readonly fwmark?: number;
  readonly peers: readonly WireguardPeer[];
}

export interface WireguardPeer {
  readonly publicKey: string;
  /** Null: it is learnt from the packets that the peer sends. */
  readonly endpoint: { readonly address: string; readonly port: number } | null;
  /** Prefixes that lead to the peer and that it may send from. */
  readonly allowedIps: readonly string[];
  /** Seconds between packets that keep a NAT's mapping open, whatever is sent; 0 for none. */
  readonly keepalive: number;
}

/** A `set` of the cross-platform interface (wireguard.com/xplatform), which wireguard-go speaks. Replaces all peers. */
export function toUapi({ privateKey, port, fwmark, peers }: WireguardConfiguration): string {
  const lines = [
    'set=1',
    `private_key=${keyToHex(privateKey)}`,
    `listen_port=${port}`,
    ...(fwmark === undefined ? [] : [`fwmark=${fwmark}`]),
    'replace_peers=true',
    ...peers.flatMap(({ publicKey, endpoint, allowedIps, keepalive }) => [
      `public_key=${keyToHex(publicKey)}`,
      ...(endpoint ? [`endpoint=${formatEndpoint(endpoint)}`] : []),
      `persistent_keepalive_interval=${keepalive}`,
      'replace_allowed_ips=true',
      ...allowedIps.map((prefix) => `allowed_ip=${prefix}`),
    ]),
  ];
  return `${lines.join('\n')}\n\n`;
}

/** The file that `wg setconf` reads (wg(8), "CONFIGURATION FILE FORMAT"). */
export function toSetconf({ privateKey, port, fwmark, peers }: WireguardConfiguration): string {
  const sections = [
    [
      ...['[Interface]', `PrivateKey = ${privateKey}`, `ListenPort = ${port}`],
      ...(fwmark === undefined ? [] : [`FwMark = ${fwmark}`]),
    ],
    ...peers.map(({ publicKey, endpoint, allowedIps, keepalive }) => [
      '[Peer]',
      `PublicKey = ${publicKey}`,
      ...(endpoint ? [`Endpoint = ${formatEndpoint(endpoint)}`] : []),
      `AllowedIPs = ${allowedIps.join(', ')}`,
      `PersistentKeepalive = ${keepalive}`,
    ]),
  ];
  return sections.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

/** `192.0.2.1:51820`, `[2001:db8::1]:51820`. */
export const formatEndpoint = ({
  address,
  port,
}: {
  readonly address: string;
  readonly port: number;
}): string => (address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`);

/** Base64, as wg(8) writes keys, to hexadecimal, as the cross-platform interface does; and back. */
export const keyToHex = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');
export const keyToBase64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
