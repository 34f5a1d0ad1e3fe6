// A step that says how a segment looks → the segment.
import type { ScriptAction } from '../../../model/scenario-file.ts';
import type { CraftInstruction, IpFields } from '../../../model/script.ts';
import type { Path } from '../../source/tree.ts';
import { IP_KEYS } from './ip-fields.ts';
import type { SizedPayload } from './payload.ts';
import type { ScriptScope } from './scope.ts';
import { resolveSequenceNumber } from './sequence-number.ts';
import { resolveFlags } from './tcp-flags.ts';
import { resolveOptions } from './tcp-options.ts';

/** Keys of a step that make it a segment of its own with raw-tcp. */
export const CRAFT_KEYS: readonly (keyof ScriptAction)[] = [
  'flags',
  'seq',
  'ackNumber',
  'window',
  'urgent',
  'options',
  'checksum',
  'arrives',
  ...IP_KEYS,
];

/** Undefined, with a report, when it cannot be. */
export function resolveCraft(
  { context }: ScriptScope,
  action: ScriptAction,
  channel: number,
  sized: SizedPayload | null,
  ip: IpFields,
  path: Path,
): CraftInstruction | undefined {
  const flags =
    action.flags === undefined ? null : resolveFlags(context, action.flags, [...path, 'flags']);
  const options =
    action.options === undefined
      ? null
      : resolveOptions(context, action.options, [...path, 'options']);
  if (flags === undefined || options === undefined) return undefined;
  const expected = isExpected(action);
  const { retransmit = expected } = action;
  return {
    op: 'craft',
    channel,
    flags,
    payload: sized === null ? null : sized.payload,
    sequence: resolveSequenceNumber(action.seq),
    acknowledgment: resolveSequenceNumber(action.ackNumber),
    window: action.window ?? null,
    urgentPointer: action.urgent ?? null,
    options,
    checksum: action.checksum ?? 'right',
    ip,
    retransmit,
    ...(expected && !retransmit && { arrives: true }),
  };
}

/** Whether the other side is to meet the packet: a TTL, a wrong checksum or fragments make that uncertain. */
export const isExpected = ({
  arrives,
  ttl,
  checksum,
  ipChecksum,
  fragments,
}: ScriptAction): boolean =>
  arrives ??
  (ttl === undefined && checksum !== 'wrong' && ipChecksum !== 'wrong' && fragments === undefined);
