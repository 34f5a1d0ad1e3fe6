import type { Expectation } from '../../model/expectation.ts';
import type { Expectation as Written } from '../../model/scenario-file.ts';
import { readSignature } from '../../model/signature.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import type { ResolvedCapture } from './captures.ts';
import { mirrorExpectation } from './mirror-expectation.ts';
import { type ProxyRange, RangeReader } from './range-reader.ts';
import { AT_LEAST_ONE } from './ranges.ts';

export interface ResolvedExpectation {
  readonly path: Path;
  readonly expectation: Expectation;
}

/** Ranges that cannot be read are reported, and what they belong to left out. */
export function resolveExpectations(
  context: Context,
  captures: readonly ResolvedCapture[],
): readonly ResolvedExpectation[] {
  return (context.scenario.expect ?? []).flatMap((written, index): ResolvedExpectation[] => {
    const path = ['expect', index];
    const reader = new RangeReader(context, written, path);
    const expectation =
      flowExpectation(written, `${index + 1}`, reader) ??
      containerExpectation(written, `${index + 1}`) ??
      proxyExpectation(written, `${index + 1}`, reader) ??
      tunnelExpectation(written, `${index + 1}`, reader) ??
      mirrorExpectation(written, `${index + 1}`, reader) ??
      captureExpectation(written, `${index + 1}`, reader, captures) ??
      metricExpectation(written, `${index + 1}`, reader);
    return expectation === undefined ? [] : [{ path, expectation }];
  });
}

function flowExpectation(
  written: Written,
  number: string,
  reader: RangeReader,
): Expectation | undefined {
  const { flow, failure, cause, by, stage, outcome, signature, signal } = written;
  const { answers, status, exitCode, hop } = written;
  if (flow === undefined) return undefined;
  const duration = reader.read('duration', 'duration');
  const goodput = reader.read('goodput', 'rate');
  const count = reader.read('count', 'count');
  const pathChanges = reader.read('pathChanges', 'count');
  return {
    kind: 'flow',
    id: `${number}-flow-${flow}`,
    flow,
    ...(failure === undefined ? {} : { failure }),
    ...(cause === undefined ? {} : { cause }),
    ...(by === undefined ? {} : { by }),
    ...(stage === undefined ? {} : { stage }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(signature === undefined ? {} : { signature: signature && readSignature(signature) }),
    ...(signal === undefined ? {} : { signals: [signal].flat() }),
    ...(duration === undefined ? {} : { duration }),
    ...(goodput === undefined ? {} : { goodput }),
    ...(answers === undefined ? {} : { answers: [answers].flat() }),
    ...(status === undefined ? {} : { status }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(hop === undefined ? {} : { hop }),
    ...(count === undefined ? {} : { count }),
    ...(pathChanges === undefined ? {} : { pathChanges }),
  };
}

function containerExpectation(written: Written, number: string): Expectation | undefined {
  const { container, state, exitCode, oomKilled } = written;
  if (container === undefined) return undefined;
  return {
    kind: 'container',
    id: `${number}-container-${container}`,
    container,
    ...(state === undefined ? {} : { state }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(oomKilled === undefined ? {} : { oomKilled }),
  };
}

function captureExpectation(
  written: Written,
  number: string,
  reader: RangeReader,
  captures: readonly ResolvedCapture[],
): Expectation | undefined {
  if (written.capture === undefined) return undefined;
  const [node = '', network] = written.capture.split('.');
  const count = reader.read('count', 'count');
  if (count === undefined && written.count !== undefined) return undefined;
  return {
    kind: 'capture',
    id: `${number}-capture-${written.capture}`,
    files: captures
      .map(({ capture }) => capture)
      .filter((item) => item.node === node && (network === undefined || item.network === network))
      .map(({ file }) => file),
    node,
    filter: written.filter ?? '',
    count: count ?? AT_LEAST_ONE,
  };
}

function proxyExpectation(
  written: Written,
  number: string,
  reader: RangeReader,
): Expectation | undefined {
  const { proxy, rule, finding } = written;
  if (proxy === undefined) return undefined;
  const count = reader.read('count', 'count');
  const hasCount = written.count === undefined || count !== undefined;
  const ranges = PROXY_RANGES.flatMap((key) => {
    const range = reader.read(key, key === 'bytes' ? 'size' : 'count');
    return range === undefined ? [] : [[key, range] as const];
  });
  return {
    kind: 'proxy',
    id: `${number}-proxy-${proxy}`,
    proxy,
    ...(rule === undefined || !hasCount
      ? {}
      : { rule: { name: rule, count: count ?? AT_LEAST_ONE } }),
    ...(finding === undefined || !hasCount
      ? {}
      : { finding: { answer: finding, count: count ?? AT_LEAST_ONE } }),
    ...Object.fromEntries(ranges),
  };
}

function tunnelExpectation(
  written: Written,
  number: string,
  reader: RangeReader,
): Expectation | undefined {
  const { tunnel, handshake, minShare, maxShare, shareWithin } = written;
  if (tunnel === undefined) return undefined;
  const leaked = reader.read('leaked', 'count');
  const silences = reader.read('silences', 'count');
  const switches = reader.read('switches', 'count');
  const switchTime = reader.read('switchTime', 'duration');
  return {
    kind: 'tunnel',
    id: `${number}-tunnel-${tunnel}`,
    tunnel,
    ...(handshake === undefined ? {} : { handshake }),
    ...(leaked === undefined ? {} : { leaked }),
    ...(minShare === undefined ? {} : { minShare }),
    ...(maxShare === undefined ? {} : { maxShare }),
    ...(shareWithin === undefined ? {} : { shareWithin }),
    ...(silences === undefined ? {} : { silences }),
    ...(switches === undefined ? {} : { switches }),
    ...(switchTime === undefined ? {} : { switchTime }),
  };
}

const PROXY_RANGES: readonly ProxyRange[] = [
  ...(['sessions', 'messages', 'bytes', 'framingFaults', 'fuzzed'] as const),
];

function metricExpectation(
  written: Written,
  number: string,
  reader: RangeReader,
): Expectation | undefined {
  const { metric, of, ratioTo } = written;
  if (metric === undefined) return undefined;
  const unit = metric.startsWith('goodput') ? 'rate' : 'duration';
  const within = reader.read('within', ratioTo === undefined ? unit : 'ratio');
  if (of === undefined || within === undefined) return undefined;
  return {
    ...{ kind: 'metric', id: `${number}-metric-${metric}-${of}`, metric, of, within },
    ...(ratioTo === undefined ? {} : { ratioTo }),
  };
}
