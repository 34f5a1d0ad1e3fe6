// One arm of a trial: one lab, with or without its censors, and what was seen in it.
import type { ContainerRecord, EngineFacts, ImageRecord } from '../model/container.ts';
import type { AgentEvent, AgentFacts, CaptureStats, LinkMeasurement } from '../model/rpc.ts';
import type { CensorRecord } from '../model/path-statistics.ts';
import type { Interrupted, Interrupts } from './interrupt.ts';
import type { ArmRecord } from '../model/run.ts';
import type { MachineRecord } from '../model/machine.ts';
import type { MirrorDiagnosis } from '../model/mirror-doctor.ts';
import type { MirrorRecord } from '../model/mirror-record.ts';
import type { Fault } from '../base/fault.ts';
import type { Observation } from '../model/observation.ts';
import type { Ask } from '../ssh/ssh.ts';
import type { Plan } from '../model/plan.ts';
import type { Progress } from './progress.ts';
import type { ProxyRecord } from '../model/relay-record.ts';
import type { TunnelRecord } from '../model/tunnel.ts';
import type { RunEvent } from '../report/report.ts';
import type { VisitRecord } from '../model/visit.ts';
import { type Silence, listenForSilence } from './silence.ts';

export interface ArmOptions {
  readonly name: 'main' | 'control';
  readonly plan: Plan;
  /** Where captures and logs go: absolute, and there already. */
  readonly directory: string;
  /** The folder of the scenario's main file, absolute: paths in the plan are relative to it. */
  readonly folder: string;
  /** Whether images that the scenario says how to build are built. */
  readonly build: boolean;
  /** By `secretKey`. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Visits that an earlier run has finished. */
  readonly finished: readonly VisitRecord[];
  /** The images of the run's first lab; absent for that one. */
  readonly prepared?: readonly ImageRecord[];
  /** Asks for passphrases and passwords on the way to other machines. */
  readonly ask: Ask;
  /** The built agent, dist/agent.js. */
  readonly agentFile: string;
  /** Whether the lab stays when all went well. */
  readonly keep: boolean;
  readonly progress: Progress;
  readonly interrupts: Interrupts;
  readonly log: (event: RunEvent) => void;
}

export interface Arm {
  readonly name: 'main' | 'control';
  readonly plan: Plan;
  readonly directory: string;
  readonly record: ArmRecord;
  readonly observations: readonly Observation[];
  readonly events: readonly AgentEvent[];
  /** Microseconds since the epoch; null of traffic that never began. */
  readonly trafficEnded: number | null;
  /** How many packets each capture expectation's filter lets through, by expectation id. */
  readonly counts: ReadonlyMap<string, number>;
  /** Absent when the lab did not start. */
  readonly facts?: AgentFacts;
  /** What its containers did and what taking it down left behind, where that is worth a warning. */
  readonly warnings: readonly string[];
  /** What cut it off, when something did. */
  readonly cut?: Fault | Interrupted;
  /** The id of the lab that stays. */
  readonly kept?: string;
}

/** What is noted as the arm goes on, so that a cut leaves all that was seen before it. */
export interface ArmNotes {
  /** Milliseconds, by phase. */
  readonly timings: Record<string, number>;
  readonly observations: Observation[];
  readonly events: AgentEvent[];
  readonly counts: Map<string, number>;
  /** The last that was heard of each censor, by name. */
  readonly censors: Map<string, CensorRecord>;
  /** The same of each relay. */
  readonly proxies: Map<string, ProxyRecord>;
  /** The same of each tunnel. */
  readonly tunnels: Map<string, TunnelRecord>;
  /** The same of each mirror. */
  readonly mirrors: Map<string, MirrorRecord>;
  /** What the doctor found of each mirror before the traffic. */
  readonly diagnoses: MirrorDiagnosis[];
  /** Every visit that was made or left out. */
  readonly visits: VisitRecord[];
  /** How many flows have ended, as `2 of 3 flows`; empty before the first. */
  flowsEnded: string;
  impairments: Readonly<Record<string, string>>;
  links: readonly LinkMeasurement[];
  captures: readonly CaptureStats[];
  machines: readonly MachineRecord[];
  images: readonly ImageRecord[];
  containers: readonly ContainerRecord[];
  /** Machines whose clock was set meanwhile, a sentence each. */
  steppedClocks: readonly string[];
  /** What went wrong while the lab was taken down. */
  readonly leftovers: string[];
  /** Of what prepares the images. */
  readonly silence: Silence;
  /** Microseconds since the epoch at which the traffic ended; null until then. */
  trafficEnded: number | null;
  /** Whether containers may be there, which must then be removed: being made, or all there. */
  hasContainers: 'none' | 'some' | 'all';
  engine?: EngineFacts;
  facts?: AgentFacts;
}

export const newNotes = (): ArmNotes => ({
  timings: {},
  observations: [],
  events: [],
  counts: new Map(),
  censors: new Map(),
  proxies: new Map(),
  tunnels: new Map(),
  mirrors: new Map(),
  diagnoses: [],
  visits: [],
  flowsEnded: '',
  impairments: {},
  links: [],
  captures: [],
  machines: [],
  images: [],
  containers: [],
  steppedClocks: [],
  leftovers: [],
  silence: listenForSilence(),
  trafficEnded: null,
  hasContainers: 'none',
});
