// How far into a flow a rule can match: past it, the rule is over for the flow, which may then be left alone.
import type { Match } from '../../../model/censor-match.ts';
import type { CensorRule } from '../../../model/censor.ts';
import type { PacketView } from '../../../wire/packet.ts';
import type { FlowProgress } from './flow-progress.ts';
import { conditionsOf, conjunctsOf } from './head-field.ts';

export interface RuleLimit {
  /** Equal for limits that are. */
  readonly key: string;
  /** Packets with payload and bytes of payload of a direction before which it may match: `first`. */
  readonly first: { readonly packets: number; readonly bytes: number };
  /** The greatest value of each with which it may match. */
  readonly packets: number;
  readonly bytes: number;
  readonly data: number;
  /** Milliseconds. */
  readonly age: number;
}

/** Null for a rule that never ends. */
export function limitOf({ match, first }: CensorRule): RuleLimit | null {
  const limit = {
    first: { packets: first?.packets ?? Infinity, bytes: first?.bytes ?? Infinity },
    packets: highestOf(match, 'flow.packets'),
    bytes: highestOf(match, 'flow.bytes'),
    data: highestOf(match, 'flow.data'),
    age: highestOf(match, 'flow.age'),
  };
  const numbers = [
    ...Object.values(limit.first),
    limit.packets,
    limit.bytes,
    limit.data,
    limit.age,
  ];
  return numbers.every((number) => number === Infinity) ? null : { ...limit, key: numbers.join() };
}

/** Whether the packet at hand lies past the `first` of a rule. */
export function isPastFirst(
  { first }: RuleLimit,
  progress: FlowProgress,
  isForward: boolean,
  { payloadLength }: PacketView,
): boolean {
  const own = payloadLength > 0 ? 1 : 0;
  const packets = (isForward ? progress.forwardData : progress.reverseData) - own;
  const bytes =
    (isForward ? progress.forwardDataBytes : progress.reverseDataBytes) - own * payloadLength;
  return packets >= first.packets || bytes >= first.bytes;
}

/** Whether no packet after the one at hand can match, of one direction. */
export function isOver(
  limit: RuleLimit,
  progress: FlowProgress,
  isForward: boolean,
  now: number,
): boolean {
  const data = isForward ? progress.forwardData : progress.reverseData;
  const dataBytes = isForward ? progress.forwardDataBytes : progress.reverseDataBytes;
  return (
    data >= limit.first.packets ||
    dataBytes >= limit.first.bytes ||
    data > limit.data ||
    progress.packets >= limit.packets ||
    progress.bytes >= limit.bytes ||
    now - progress.began > limit.age * 1000
  );
}

/** Whether some condition asks how far a flow is. */
export const asksProgress = (match: Match): boolean =>
  conditionsOf(match).some(
    (condition) =>
      FLOW_NUMBERS.has(condition.field) ||
      (condition.field === 'model' &&
        condition.features.some(
          (feature) => 'field' in feature && FLOW_NUMBERS.has(feature.field),
        )),
  );

type FlowNumber = `flow.${'packets' | 'bytes' | 'data' | 'age'}`;
const FLOW_NUMBERS: ReadonlySet<string> = new Set<FlowNumber>([
  'flow.packets',
  'flow.bytes',
  'flow.data',
  'flow.age',
]);

function highestOf(match: Match, field: FlowNumber): number {
  let highest = Infinity;
  for (const part of conjunctsOf(match))
    if ('field' in part && part.field === field)
      highest = Math.min(highest, Math.max(...part.ranges.map(([, high]) => high ?? Infinity)));
  return highest;
}
