/** Megabytes of one download. */
export const SIZE_MB = 16;

interface Comparison {
  /** Downloads over the same tunnels, in turns without and with migration. */
  readonly pairs: number;
  readonly period: string;
}

/** CoMPS, with downloads `still-1`, `moving-1`, `still-2` and so on, one after the other. */
export function compareMigration({ pairs, period }: Comparison): string {
  const entries = Array.from({ length: pairs }, (_, index) => {
    const turn = index + 1;
    const before = index === 0 ? '' : `, after: off-${index}`;
    return [
      download(`still-${turn}`, before),
      `  - { name: on-${turn}, tunnel: wg0, enabled: true, after: still-${turn} }`,
      download(`moving-${turn}`, `, after: on-${turn}`),
      `  - { name: off-${turn}, tunnel: wg0, enabled: false, after: moving-${turn} }`,
    ].join('\n');
  });
  return `version: 1
name: migration
hosts: { client: {}, proxy1: {}, proxy2: {}, proxy3: {}, exit: {}, server: {} }
networks:
  access:   { members: [client, proxy1, proxy2, proxy3] }
  backbone: { members: [proxy1, proxy2, proxy3, exit] }
  web:      { members: [exit, server] }
tunnels:
  wgnet1: { wireguard: { client: client, server: proxy1 } }
  wgnet2: { wireguard: { client: client, server: proxy2 } }
  wgnet3: { wireguard: { client: client, server: proxy3 } }
  wg0:
    wireguard: { client: client, server: exit }
    over: [wgnet1, wgnet2, wgnet3]
    migrate: { policy: round-robin, every: ${period} }
traffic:
  - { name: serve, on: server, serve: { http: { size: ${SIZE_MB}MB } } }
${entries.join('\n')}
`;
}

const download = (name: string, after: string): string =>
  `  - { name: ${name}, from: client, to: server, timeout: 60s${after}, probe: { http: {} } }`;
