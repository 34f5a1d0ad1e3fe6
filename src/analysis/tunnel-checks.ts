import { formatMillis } from '../base/units.ts';
import type { Expectation, NumberRange } from '../model/expectation.ts';
import type { Plan } from '../model/plan.ts';
import type { TunnelPath, TunnelRecord } from '../model/tunnel.ts';
import { migrationRandom, sharesOf } from '../roles/tunnel/shares.ts';
import { type Check, rangeCheck } from './check.ts';
import { quantile } from './detectors/residence.ts';

type TunnelExpectation = Extract<Expectation, { kind: 'tunnel' }>;

/** How a tunnel fared against what is expected of it. */
export function tunnelChecks(
  expectation: TunnelExpectation,
  tunnels: readonly TunnelRecord[],
  plan: Pick<Plan, 'seed' | 'tunnels'>,
): Check[] {
  const { tunnel, handshake, leaked, silences, switches, switchTime } = expectation;
  const record = tunnels.find(({ name }) => name === tunnel);
  if (!record) return [{ held: false, detail: `tunnel ${tunnel} was never up` }];
  const range = (
    what: string,
    wish: NumberRange | undefined,
    found: number | null,
    format: (value: number) => string = String,
  ): Check[] => (wish === undefined ? [] : [rangeCheck(`${tunnel}: ${what}`, wish, found, format)]);
  return [
    ...(handshake === undefined ? [] : [handshakeCheck(record, handshake)]),
    ...range('leaked packets', leaked, record.leaked),
    ...shareChecks(record, expectation, plan),
    ...range('silences', silences, record.paths.flatMap((path) => path.silences).length),
    ...range('switches', switches, record.switched),
    ...range('switch time', switchTime, slowestSwitch(record), formatMillis),
  ];
}

function handshakeCheck({ name, handshakes }: TunnelRecord, wish: boolean): Check {
  const { client, server } = handshakes;
  const found = client && server;
  const told = found ? 'a handshake' : 'no handshake';
  if (found === wish) return { held: true, detail: `${name}: ${told}` };
  const deaf = [...(client ? [] : ['client']), ...(server ? [] : ['server'])].join(' and ');
  const end = found ? '' : ` of its ${deaf}`;
  return { held: false, detail: `${name}: ${told}${end}, expected ${wish ? 'one' : 'none'}` };
}

function shareChecks(
  { name, paths }: TunnelRecord,
  { minShare, maxShare, shareWithin }: TunnelExpectation,
  plan: Pick<Plan, 'seed' | 'tunnels'>,
): Check[] {
  if (minShare === undefined && maxShare === undefined && shareWithin === undefined) return [];
  const [first, ...others] = paths;
  if (!first || paths.every(({ bytes }) => bytes === 0))
    return [{ held: false, detail: `${name}: nothing passed, so that there are no shares` }];
  const least = others.reduce((one, path) => (path.share < one.share ? path : one), first);
  const most = others.reduce((one, path) => (path.share > one.share ? path : one), first);
  const check = (path: TunnelPath, range: Omit<NumberRange, 'text'>, text: string): Check =>
    rangeCheck(`${name}: share of ${path.tunnel}`, { ...range, text }, path.share, formatShare);
  const wished = plan.tunnels?.find((tunnel) => tunnel.name === name)?.migration;
  const shares = wished && sharesOf(wished, paths.length, migrationRandom(plan.seed, name));
  return [
    ...(minShare === undefined
      ? []
      : [check(least, { min: minShare, max: null }, `>= ${formatShare(minShare)}`)]),
    ...(maxShare === undefined
      ? []
      : [check(most, { min: null, max: maxShare }, `<= ${formatShare(maxShare)}`)]),
    ...(shareWithin === undefined
      ? []
      : paths.map((path, index) => {
          const share = shares?.[index] ?? 0;
          const text = `${formatShare(share)} ± ${formatShare(shareWithin)}`;
          const [min, max] = [share - shareWithin, share + shareWithin].map(exact);
          return check(path, { min: min ?? null, max: max ?? null }, text);
        })),
  ];
}

/** Milliseconds that 99 of 100 took at most; null when there was none. */
const slowestSwitch = ({ switches }: TunnelRecord): number | null =>
  quantile(
    switches.map(({ micros }) => micros / 1000),
    0.99,
  );

/** Sheds the dust of binary fractions: 0.4 - 0.1 is 0.30000000000000004. */
const exact = (value: number): number => Number(value.toPrecision(12));

const formatShare = (share: number): string => `${Number((share * 100).toFixed(1))}%`;
