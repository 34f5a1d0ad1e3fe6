// A `replay` entry → a script that does what the endpoints of a capture did.
import { encodeBase64 } from '../../../base/base64.ts';
import type { Replay, Traffic } from '../../../model/scenario-file.ts';
import type { Instruction, Payload, ScriptSpec } from '../../../model/script.ts';
import type { Context } from '../../context.ts';
import { captureScript } from '../../replay/capture-script.ts';
import type { ReplayConversation, ReplayPayload, ReplayStep } from '../../replay/replay-script.ts';
import type { Path } from '../../source/tree.ts';
import type { Lab } from '../lab.ts';
import type { Act } from './acts.ts';
import { type Pair, resolvePairs } from './endpoints.ts';
import { largestSegment } from './framing.ts';
import type { Ports } from './ports.ts';
import type { ScriptScope } from './scope.ts';
import { resolveScope, specOf } from './script.ts';
import { checkSize } from './size.ts';

/** Undefined, with a report, when it cannot be. */
export function resolveReplay(
  context: Context,
  lab: Lab,
  entry: Traffic,
  replay: Replay,
  path: Path,
  ports: Ports,
): ScriptSpec | undefined {
  const at = [...path, 'replay'];
  const conversation = readConversation(context, replay, at);
  const pairs = resolvePairs(context, lab, entry, path);
  const [pair, more] = pairs ?? [];
  if (pair === undefined || conversation === undefined) return undefined;
  if (more !== undefined) {
    context.report('S162', [...path, 'between'], 'A replay is between two parties', {
      key: true,
      help: 'Write one entry for each conversation of the capture, with "flow"',
    });
    return undefined;
  }
  const { transport } = conversation;
  const own = [withPort(pair, conversation)];
  const scope = resolveScope(context, lab, entry, own, transport, ports);
  if (scope === undefined) return undefined;
  const acts = conversation.steps.map((step) => actOf(scope, pair, step, replay.speed ?? 1));
  if (
    !checkSize(
      context,
      acts.map((act) => ({ kind: 'act', act })),
      at,
    )
  )
    return undefined;
  return specOf(scope, entry, acts);
}

function readConversation(
  context: Context,
  { file, level = 'payload', flow }: Replay,
  path: Path,
): ReplayConversation | undefined {
  const content = context.readBytes(file, [...path, 'file']);
  if (!content.ok) {
    context.report('S020', [...path, 'file'], `Cannot read "${file}": ${content.error}`, {
      help: 'It is looked for beside the file that names it',
    });
    return undefined;
  }
  const flows = flow === undefined ? [] : [flow];
  const script = captureScript(content.value, { level, flows, fill: false });
  if (!script.ok) {
    context.report('S162', [...path, 'file'], `Cannot replay "${file}": ${script.error}`);
    return undefined;
  }
  const [first] = script.value.conversations;
  if (first === undefined || first.steps.length === 0) {
    context.report('S162', [...path, 'file'], `There is nothing to replay in "${file}"`);
    return undefined;
  }
  return first;
}

/** The port of the capture where none is written. */
const withPort = (pair: Pair, { server }: ReplayConversation): Pair =>
  pair.to.port !== undefined || server.port === 0
    ? pair
    : { ...pair, to: { ...pair.to, port: server.port } };

function actOf(
  scope: ScriptScope,
  { from, to }: Pair,
  step: ReplayStep,
  speed: number | string,
): Act {
  const label = `packet ${step.frame}`;
  const timing = {
    step: label,
    after: 0,
    at: typeof speed === 'number' ? step.at / speed : null,
    within: null,
  };
  return {
    party: step.party === 'client' ? from.party : to.party,
    instruction: { ...timing, ...instructionOf(scope, step, `${scope.flow}/${label}`) },
    isExpected: true,
    size: 'payload' in step ? sizeOf(step.payload) : 0,
  };
}

type Timing = 'step' | 'after' | 'at' | 'within';
type Untimed<T> = T extends Instruction ? Omit<T, Timing> : never;

function instructionOf(scope: ScriptScope, step: ReplayStep, name: string): Untimed<Instruction> {
  switch (step.kind) {
    case 'send':
      return {
        op: 'send',
        channel: 0,
        payload: payloadOf(step.payload, name),
        framing: framingOf(sizeOf(step.payload), scope),
      };
    case 'packet':
      return { op: 'send', channel: 0, payload: payloadOf(step.payload, name), framing: 'stream' };
    case 'close':
      return { op: 'close', channel: 0, how: step.how };
    case 'segment':
      return {
        op: 'craft',
        channel: 0,
        flags: step.flags,
        payload: sizeOf(step.payload) === 0 ? null : payloadOf(step.payload, name),
        sequence: step.sequence ?? null,
        acknowledgment: step.acknowledgment ?? null,
        window: step.window ?? null,
        urgentPointer: step.urgentPointer ?? null,
        options: step.options ?? null,
        checksum: 'right',
        ip: {
          ...(step.ttl !== undefined && { ttl: step.ttl }),
          ...(step.trafficClass !== undefined && { trafficClass: step.trafficClass }),
        },
        retransmit: true,
      };
  }
}

/** A segment of its own; in several where the capture has more at once than a segment of this lab holds. */
function framingOf(size: number, { transport, channels }: ScriptScope): number | [] {
  const largest = largestSegment(transport, channels[0]?.mss ?? Infinity);
  return size > largest ? Math.ceil(size / largest) : [];
}

const payloadOf = (payload: ReplayPayload, name: string): Payload =>
  payload.kind === 'bytes'
    ? { kind: 'base64', base64: encodeBase64(payload.bytes) }
    : { kind: 'random', size: payload.size, name };

const sizeOf = (payload: ReplayPayload): number =>
  payload.kind === 'bytes' ? payload.bytes.length : payload.size;
