// How a tunnel fared, in a line for people.
import type { Expectation } from '../model/expectation.ts';
import type { TunnelPath, TunnelRecord } from '../model/tunnel.ts';
import type { RunEvent } from './report.ts';

/** `wg0: wgnet1 34%, wgnet2 33%, wgnet3 33% of 4096 bytes, 12 switches, 0 leaked` */
export function describeTunnel({
  name,
  handshakes,
  paths,
  switched,
  leaked,
}: Pick<TunnelRecord, 'name' | 'handshakes' | 'paths' | 'switched' | 'leaked'>): string {
  if (!handshakes.client || !handshakes.server) return `${name}: no handshake`;
  if (paths.length === 0) return `${name}: handshake`;
  const silent = paths.filter(({ silences }) => silences.length > 0).map((path) => path.tunnel);
  const bytes = paths.reduce((sum, path) => sum + path.bytes, 0);
  const shares = paths.map(describeShare).join(', ');
  return `${name}: ${shares} of ${bytes} bytes, ${switched} ${switched === 1 ? 'switch' : 'switches'}, ${leaked} leaked${silent.length === 0 ? '' : `, silent for a while: ${silent.join(', ')}`}`;
}

const describeShare = ({ tunnel, share }: TunnelPath): string => `${tunnel} ${formatShare(share)}`;

export const describeTunnelControl = ({
  tunnel,
  migrates = false,
  to,
}: Omit<Extract<RunEvent, { kind: 'tunnel-control' }>, 'kind' | 'time' | 'control'>): string =>
  to === undefined
    ? `${tunnel} ${migrates ? 'migrates' : 'migrates no more'}`
    : `${tunnel} goes over ${to}`;

export function tunnelWishes(expectation: Extract<Expectation, { kind: 'tunnel' }>): string[] {
  const { handshake, leaked, minShare, maxShare, shareWithin } = expectation;
  const { silences, switches, switchTime } = expectation;
  const wishes: [string, string | undefined][] = [
    ['leaked', leaked?.text],
    ['shares >=', minShare === undefined ? undefined : formatShare(minShare)],
    ['shares <=', maxShare === undefined ? undefined : formatShare(maxShare)],
    [
      'shares as its policy has them ±',
      shareWithin === undefined ? undefined : formatShare(shareWithin),
    ],
    ['silences', silences?.text],
    ['switches', switches?.text],
    ['switch time', switchTime?.text],
  ];
  return [
    ...(handshake === undefined ? [] : [handshake ? 'handshake' : 'no handshake']),
    ...wishes.flatMap(([name, wish]) => (wish === undefined ? [] : [`${name} ${wish}`])),
  ];
}

const formatShare = (share: number): string => `${Number((share * 100).toFixed(1))}%`;
