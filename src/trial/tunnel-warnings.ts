// What went wrong with tunnels without breaking the run, one sentence each.
import { formatMillis } from '../base/units.ts';
import { describeNoHandshake } from '../model/describe-handshake.ts';
import type { Expectation } from '../model/expectation.ts';
import type { Plan } from '../model/plan.ts';
import type { TunnelRecord, TunnelSilence } from '../model/tunnel.ts';

type TunnelWish = Extract<Expectation, { kind: 'tunnel' }>;

/** Handshakes that never were and paths by which nothing came, but for those that the scenario expects. */
export function tunnelWarnings(
  { tunnels = [], expectations }: Pick<Plan, 'tunnels' | 'expectations'>,
  records: readonly TunnelRecord[],
): string[] {
  const isExpected = (tunnel: string, asked: (wish: TunnelWish) => boolean): boolean =>
    expectations.some((one) => one.kind === 'tunnel' && one.tunnel === tunnel && asked(one));
  const shaken = new Set(records.flatMap((one) => (hasShaken(one) ? [one.name] : [])));
  return records.flatMap((record) => {
    const { name, paths, handshakes } = record;
    const planned = tunnels.find((tunnel) => tunnel.name === name);
    const isSilenceExpected = isExpected(
      name,
      ({ silences }) => silences !== undefined && silences.max !== 0,
    );
    return [
      ...(!planned || shaken.has(name) || isExpected(name, (wish) => wish.handshake === false)
        ? []
        : [
            `Tunnel ${name}: ${describeNoHandshake(planned, handshakes, (other) => shaken.has(other))}`,
          ]),
      ...(isSilenceExpected
        ? []
        : paths.flatMap(({ tunnel, silences }) =>
            silences.map(
              (one) => `Tunnel ${name}: nothing came by ${tunnel} ${describeWhile(one)}`,
            ),
          )),
    ];
  });
}

const hasShaken = ({ handshakes }: TunnelRecord): boolean => handshakes.client && handshakes.server;

/** `for 3 s from 22:18:44.123 UTC` */
function describeWhile({ from, to }: TunnelSilence): string {
  const begin = `from ${new Date(from / 1000).toISOString().slice(11, 23)} UTC`;
  return to === null ? `${begin} to the end` : `for ${formatMillis((to - from) / 1000)} ${begin}`;
}
