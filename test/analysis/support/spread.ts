// The evidence of one machine as three machines with clocks of their own would have left it.
import type { ArmEvidence, CaptureFile } from '../../../src/analysis/evidence.ts';
import { type ClockRecord, LOCAL, correctTime } from '../../../src/model/machine.ts';
import { concatBytes } from '../../../src/wire/bytes.ts';
import { encodePcapRecord, readPcap, writePcapHeader } from '../../../src/wire/pcap.ts';
import { EPOCH } from './tape.ts';

/** Which machine each node of the line is on. */
const MACHINES: Readonly<Record<string, string>> = { middle: 'edge', server: 'core' };

/** How wrong each machine's clock is, and what is known of it: nearly the truth, at most `miss` microseconds beside it. */
export interface Wrong {
  readonly ahead: number;
  readonly drift: number;
  readonly miss: number;
  readonly error: number;
}

export const EDGE: Wrong = { ahead: -3_700_000, drift: 40, miss: 120, error: 150 };
export const CORE: Wrong = { ahead: 86_400_000_000, drift: -25, miss: -60, error: 80 };

/** What a clock tells at a moment of the controller's. */
const told = ({ ahead, drift }: Wrong, time: number): number =>
  time + ahead + ((time - EPOCH) / 1e6) * drift;

/** The record that corrects it, but for the miss. */
export const recordOf = ({ ahead, drift, miss, error }: Wrong): ClockRecord => ({
  offset: -ahead + miss,
  at: EPOCH,
  drift: -drift / (1 + drift / 1e6),
  error,
  samples: 40,
});

/**
 * The client stays on the controller's machine. Captures are stamped by the machines' clocks, events corrected, as they are on
 * arrival, by what is known of them.
 */
export function spread(evidence: ArmEvidence, edge: Wrong = EDGE, core: Wrong = CORE): ArmEvidence {
  const wrong: Readonly<Record<string, Wrong>> = { middle: edge, server: core };
  const clocks = { edge: recordOf(edge), core: recordOf(core) };
  const restamped = (file: CaptureFile): CaptureFile => {
    const clock = wrong[file.node];
    return clock ? { ...file, bytes: restamp(file.bytes, (time) => told(clock, time)) } : file;
  };
  return {
    plan: {
      ...evidence.plan,
      machines: [LOCAL, { ...LOCAL, name: 'edge' }, { ...LOCAL, name: 'core' }],
      nodes: evidence.plan.nodes.map((node) => ({
        ...node,
        machine: MACHINES[node.name] ?? 'local',
      })),
    },
    captures: evidence.captures.map(restamped),
    clocks,
    events: evidence.events.map((event) => {
      const clock = 'node' in event ? wrong[event.node] : undefined;
      if (!clock) return event;
      return { ...event, time: correctTime(recordOf(clock), told(clock, event.time)) };
    }),
    observations: evidence.observations,
  };
}

const restamp = (bytes: Uint8Array, tell: (time: number) => number): Uint8Array =>
  concatBytes(
    writePcapHeader(),
    ...[...readPcap(bytes)].map(({ time, data, length }) =>
      encodePcapRecord(Math.round(tell(time)), data, length),
    ),
  );
