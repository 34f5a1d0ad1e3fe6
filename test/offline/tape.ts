// A capture put together by hand, and what a judge says of it.
import { parsePrefix } from '../../src/base/addresses.ts';
import type { PlanCensor } from '../../src/model/plan.ts';
import { DEFAULT_CENSOR } from '../../src/model/censor-defaults.ts';
import type { CensorRule } from '../../src/model/censor.ts';
import type { CaptureJudge } from '../../src/offline/capture-judge.ts';
import type { FlowRecord } from '../../src/offline/flow-record.ts';
import { type ChangeInTime, judgeBy } from '../../src/offline/judge-capture.ts';
import type { JudgedPacket } from '../../src/offline/judged-packet.ts';

export const censor = (
  rules: readonly CensorRule[],
  changes: Partial<PlanCensor> = {},
): PlanCensor => ({
  ...DEFAULT_CENSOR,
  name: 'gfw',
  on: 'middle',
  position: 'in-path',
  rules,
  ...changes,
});

export interface Heard {
  readonly judge: CaptureJudge;
  readonly packets: readonly JudgedPacket[];
  readonly flows: readonly FlowRecord[];
  readonly sent: readonly { readonly packet: Uint8Array; readonly time: number }[];
}

/** Judges a whole file, in pieces of `size` bytes. */
export function hear(
  file: Uint8Array,
  by: PlanCensor,
  {
    clients = [],
    size = 100,
    changes = [],
  }: { clients?: readonly string[]; size?: number; changes?: readonly ChangeInTime[] } = {},
): Heard {
  const packets: JudgedPacket[] = [];
  const flows: FlowRecord[] = [];
  const sent: { packet: Uint8Array; time: number }[] = [];
  const judge = judgeBy(by, 1, {
    changes,
    clients: clients.flatMap((text) => {
      const prefix = parsePrefix(text);
      return prefix.ok ? [prefix.value] : [];
    }),
    onPacket: (packet) => packets.push({ ...packet, acts: [...packet.acts] }),
    onFlow: (flow) => flows.push(flow),
    sink: (packet, time) => sent.push({ packet: packet.slice(), time }),
  });
  for (let at = 0; at < file.length; at += size) judge.push(file.slice(at, at + size));
  judge.finish();
  return { judge, packets, flows, sent };
}
