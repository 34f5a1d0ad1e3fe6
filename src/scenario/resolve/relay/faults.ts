import type { FaultKind, RelayFault } from '../../../model/relay.ts';
import type { RelayFault as Written } from '../../../model/scenario-file.ts';
import { bitsPerSecond, bytes, millis } from '../quantity.ts';
import { type RelayPlace, within } from './scope.ts';
import { shareOf } from './share.ts';

/** `place` is that of the list. Faults of no kind are left out: that has been reported. */
export const resolveFaults = (
  place: RelayPlace,
  written: readonly Written[],
): readonly RelayFault[] =>
  written.flatMap((fault, index): RelayFault[] => {
    const kind = kindOf(within(place, index), fault);
    if (kind === undefined) return [];
    const { name, direction = 'downstream', probability, enabled = true } = fault;
    return [{ name, direction, probability: shareOf(probability), enabled, ...kind }];
  });

const KINDS = [
  ...(['latency', 'bandwidth', 'slow-close', 'timeout'] as const),
  ...(['reset-peer', 'slicer', 'limit-data'] as const),
];

/** Undefined, with a report, unless exactly one is written. */
function kindOf({ scope, path }: RelayPlace, written: Written): FaultKind | undefined {
  const kinds = KINDS.filter((kind) => written[kind] !== undefined);
  if (kinds.length === 1) return readKind(written);
  if (kinds.length > 0 || !scope.context.partial)
    scope.context.report(
      'S048',
      path,
      `Expected exactly one kind of fault, found ${kinds.length === 0 ? 'none' : kinds.join(' and ')}`,
      { help: kinds.length === 0 ? `Kinds: ${KINDS.join(', ')}` : 'Write one fault for each' },
    );
  return undefined;
}

function readKind(written: Written): FaultKind | undefined {
  const { latency, bandwidth, timeout, slicer } = written;
  if (latency !== undefined)
    return {
      kind: 'latency',
      latency: millis(latency.latency),
      jitter: millis(latency.jitter ?? '0ms'),
    };
  if (bandwidth !== undefined) return { kind: 'bandwidth', rate: bitsPerSecond(bandwidth.rate) };
  if (timeout !== undefined) return { kind: 'timeout', after: millis(timeout.after) };
  if (slicer === undefined) return ending(written);
  const { size, variation = '0B', gap = '0ms' } = slicer;
  return {
    ...{ kind: 'slicer', size: bytes(size) },
    ...{ variation: bytes(variation), gap: millis(gap) },
  };
}

/** What happens to the ends of streams. */
function ending(written: Written): FaultKind | undefined {
  const { 'slow-close': slow, 'reset-peer': reset, 'limit-data': limit } = written;
  if (slow !== undefined) return { kind: 'slow-close', delay: millis(slow.delay) };
  if (reset !== undefined) return { kind: 'reset-peer', after: millis(reset.after) };
  return limit && { kind: 'limit-data', bytes: bytes(limit.bytes) };
}
