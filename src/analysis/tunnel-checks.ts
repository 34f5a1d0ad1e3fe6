import { formatMillis } from '../base/units.ts';
import type { Expectation, NumberRange } from '../model/expectation.ts';
import type { TunnelPath, TunnelRecord } from '../model/tunnel.ts';
import { type Check, rangeCheck } from './check.ts';
import { quantile } from './detectors/residence.ts';

type TunnelExpectation = Extract<Expectation, { kind: 'tunnel' }>;

/** How a tunnel fared against what is expected of it. */
export function tunnelChecks(
  expectation: TunnelExpectation,
  tunnels: readonly TunnelRecord[],
): Check[] {
  const { tunnel, handshake, leaked, minShare, maxShare, switches, switchTime } = expectation;
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
    ...shareChecks(record, minShare, maxShare),
    ...range('switches', switches, record.switched),
    ...range('switch time', switchTime, slowestSwitch(record), formatMillis),
  ];
}

function handshakeCheck({ name, handshakes }: TunnelRecord, wish: boolean): Check {
  const { client, server } = handshakes;
  const found = client && server;
  const told = found ? 'a handshake' : 'no handshake';
  if (found === wish) return { held: true, detail: `${name}: ${told}` };
  return { held: false, detail: `${name}: ${told}, expected ${wish ? 'one' : 'none'}` };
}

function shareChecks(
  { name, paths }: TunnelRecord,
  min: number | undefined,
  max: number | undefined,
): Check[] {
  if (min === undefined && max === undefined) return [];
  const [first, ...others] = paths;
  if (!first || paths.every(({ bytes }) => bytes === 0))
    return [{ held: false, detail: `${name}: nothing passed, so that there are no shares` }];
  const least = others.reduce((one, path) => (path.share < one.share ? path : one), first);
  const most = others.reduce((one, path) => (path.share > one.share ? path : one), first);
  const check = (path: TunnelPath, wish: NumberRange): Check =>
    rangeCheck(`${name}: share of ${path.tunnel}`, wish, path.share, formatShare);
  return [
    ...(min === undefined
      ? []
      : [check(least, { min, max: null, text: `>= ${formatShare(min)}` })]),
    ...(max === undefined ? [] : [check(most, { min: null, max, text: `<= ${formatShare(max)}` })]),
  ];
}

/** Milliseconds that 99 of 100 took at most; null when there was none. */
const slowestSwitch = ({ switches }: TunnelRecord): number | null =>
  quantile(
    switches.map(({ micros }) => micros / 1000),
    0.99,
  );

const formatShare = (share: number): string => `${Number((share * 100).toFixed(1))}%`;
