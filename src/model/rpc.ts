// What runner and agent say to each other: one JSON object a line over the agent's standard input and output.
import type { ContainerRecord, EngineFacts, ImageRecord } from './container.ts';
import type { FarLabPart } from './lab-mark.ts';
import type { ClockRecord } from './machine.ts';
import type { Impairment, Plan } from './plan.ts';
import type { CensorChange, ProxyChange, TunnelChange } from './traffic.ts';
import type { TunnelRecord, TunnelSwitch } from './tunnel.ts';
import type { MirrorInspection } from './mirror-doctor.ts';
import type { MirrorNews, MirrorRecord } from './mirror-record.ts';
import type { ProxyRecord, RelayEvent } from './relay-record.ts';
import type { CensorEvent } from './middlebox.ts';
import type { CensorRecord } from './path-statistics.ts';
import type { Observation } from './observation.ts';
import type { ChannelTuple } from './script.ts';

/** Method name → what it takes and gives. Every call is answered once, by a result or a fault. */
export interface AgentMethods {
  /** First call. The agent refuses another protocol version. */
  hello: { params: { protocol: number; labId: string }; result: AgentFacts };
  /**
   * Before the lab is built: hands over the values of the plan's secrets, by `secretKey`, and sees to it that the images of
   * all containers are there: looks, pulls, builds, and tells of its progress. `folder` is that of the scenario's main file,
   * absolute. Without `build`, images that are built must be there from an earlier run.
   */
  prepare: {
    params: {
      plan: Plan;
      folder: string;
      directory: string;
      build: boolean;
      secrets: Readonly<Record<string, string>>;
    };
    /** `engine` is null when the plan has no containers. */
    result: { engine: EngineFacts | null; images: ImageRecord[] };
  };
  /**
   * Builds the whole lab: all steps of the plan. `directory` holds captures, logs and hosts files: it must exist. Containers
   * exist afterwards and have their network, and wait.
   */
  build: {
    params: {
      plan: Plan;
      directory: string;
      /** That of the scenario's main file, absolute; absent where nothing of it is served. */
      folder?: string;
      /** Where programs of hosts run; absent: where the agent was started. */
      working?: string;
      /** Of a plan with trunks. */
      underlay?: UnderlayOrder;
      /** Whose certificates the lab's services have; absent: the agent makes an authority of its own. */
      authority?: AuthorityKey;
    };
    result: BuildReport;
  };
  /** Measures each impaired link within the machine with frames of its own. */
  measure: { params: Record<string, never>; result: { links: LinkMeasurement[] } };
  /** A link between machines, where it ends: from now on what arrives is noted, until `probeCollect`. */
  probeListen: { params: { link: ProbedLink }; result: Record<string, never> };
  /** Where it begins, once its other end listens: sends the frames. `unsent` are those that could not leave. */
  probeSend: { params: { link: ProbedLink }; result: { unsent: number } };
  /** Where it ends, once all are sent: waits for the last and works out what came of them. */
  probeCollect: {
    params: {
      link: ProbedLink;
      unsent: number;
      /** Of the machines at either end. */
      clocks: { sender: ClockRecord; receiver: ClockRecord };
    };
    result: { link: LinkMeasurement };
  };
  startCaptures: { params: Record<string, never>; result: Record<string, never> };
  /** Waits until the rings are drained, closes the files, gives the counters. */
  stopCaptures: { params: Record<string, never>; result: { captures: CaptureStats[] } };
  /** Starts every relay and every service of the plan; answered when each accepts. */
  startServices: { params: Record<string, never>; result: { ready: string[] } };
  /** Lets the containers go, each when those it depends on are as it wants them; answered when all are ready. */
  startContainers: { params: Record<string, never>; result: { containers: ContainerRecord[] } };
  /** Once services are ready: finds out what mirrors need, with a few packets of its own. What is on other machines stays unknown. */
  inspectMirrors: {
    params: Record<string, never>;
    result: { inspections: MirrorInspection[] };
  };
  /** Once mirrors have what they need: the clients of captures begin to speak, where a mirror's are those of one. */
  playMirrors: { params: Record<string, never>; result: Record<string, never> };
  /** Copies files in or out whose moment is the end of this flow. */
  copyAfter: { params: { flow: string }; result: Record<string, never> };
  /**
   * Copies out what is asked for, stops those that want to be stopped in peace, closes their logs. They still exist. With
   * `leaveRunning` none is stopped: what was to be copied once they are is told as a loss, and what they write goes to lab/logs.
   */
  stopContainers: {
    params: { leaveRunning?: boolean };
    result: { containers: ContainerRecord[] };
  };
  /** Has the parties of a script ready for an attempt, so that it can begin everywhere at one moment. */
  openFlow: { params: { flow: string; attempt: number }; result: Record<string, never> };
  /** Runs one attempt of a flow; answered when it has ended. */
  runFlow: {
    params: {
      flow: string;
      attempt: number;
      /** When it begins, microseconds since the epoch on the agent's clock; absent: at once. */
      at?: number;
    };
    result: Observation;
  };
  /** Ends what of an attempt of a script still plays here, because a party on another machine has failed. */
  endFlow: {
    params: {
      flow: string;
      attempt: number;
      reason: string;
      /** The connections of the party that failed. */
      tuples: readonly ChannelTuple[];
    };
    result: Record<string, never>;
  };
  /** Changes a censor while packets pass; answered when the next packet meets it so. */
  controlCensor: {
    params: { censor: string; change: CensorChange };
    result: Record<string, never>;
  };
  /** Switches a part of a proxy; answered when the next message meets it so. */
  controlProxy: {
    params: { proxy: string; change: ProxyChange };
    result: Record<string, never>;
  };
  /** Has a tunnel migrate, or no more, or go another way; answered when the route is as it says. The client's machine is asked. */
  controlTunnel: {
    params: { tunnel: string; change: TunnelChange };
    result: Record<string, never>;
  };
  /** Ends background programs, services, relays and migrations, of which it tells how they fared. */
  stopTraffic: { params: Record<string, never>; result: Record<string, never> };
  /** How many packets of finished captures a BPF filter lets through. */
  countPackets: { params: { files: string[]; filter: string }; result: { count: number } };
  /** What the agent's clock says, microseconds since the epoch: answered at once, whatever else is under way. */
  clock: { params: Record<string, never>; result: { time: number } };
  /** A certificate authority for a lab of several agents, to be handed to each with `build`. */
  makeAuthority: { params: Record<string, never>; result: AuthorityKey };
  /** Sizes and sha256 (hexadecimal) of files below the lab's directory, by relative path; a file that is not there is left out. */
  digest: {
    params: { files: string[] };
    result: { files: Record<string, { bytes: number; sha256: string }> };
  };
  /** From now on the lab outlives its controller. */
  keep: {
    params: {
      /** The parts of the lab on other machines, for whoever looks for them later. */
      machines?: readonly FarLabPart[];
    };
    result: Record<string, never>;
  };
}

export type AgentMethod = keyof AgentMethods;

export const PROTOCOL_VERSION = 1;

export type AgentRequest = {
  [M in AgentMethod]: {
    readonly id: number;
    readonly method: M;
    readonly params: AgentMethods[M]['params'];
  };
}[AgentMethod];

export type AgentMessage =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly fault: AgentFault }
  | { readonly event: AgentEvent };

/** A fault as it crosses the wire; `base/fault.ts` is its living form. */
export interface AgentFault {
  readonly kind: 'usage' | 'machine' | 'run';
  readonly message: string;
  readonly help?: string;
  /** The plan step at which it broke. */
  readonly step?: string;
}

/** Sent by the agent unasked. `time` is microseconds since the epoch. */
export type AgentEvent =
  | ({ readonly kind: 'censor'; readonly time: number; readonly node: string } & CensorEvent)
  /** What the packet path could not carry, keep or tell since it last said so. */
  | {
      readonly kind: 'loss';
      readonly time: number;
      /** A node, a network, or `lab`. */
      readonly place: string;
      readonly count: number;
      readonly what: string;
      /** Whether the scenario asks for such losses, as a rate with a bounded queue does. */
      readonly isDeclared: boolean;
    }
  /** How a censor fares: once a second while packets come to it. Not evidence: the last is in run.json. */
  | ({ readonly kind: 'statistics'; readonly time: number } & CensorRecord)
  /** What a relay did to a session of its clients: the first of these. */
  | ({
      readonly kind: 'relay';
      readonly time: number;
      readonly node: string;
      readonly relay: string;
    } & RelayEvent)
  /** How a relay fares: once a second while something comes to it. Not evidence: the last is in run.json. */
  | ({ readonly kind: 'proxy-statistics'; readonly time: number } & ProxyRecord)
  /** What became of a copy of a mirror: the first of these. */
  | ({ readonly kind: 'mirror'; readonly node: string; readonly mirror: string } & {
      readonly news: MirrorNews;
      readonly time: number;
    })
  /** How a mirror fares: once a second while something comes to it. Not evidence: the last is in run.json. */
  | ({ readonly kind: 'mirror-statistics'; readonly time: number } & MirrorRecord)
  /** A tunnel goes another way from `time` on. */
  | ({
      readonly kind: 'tunnel-switch';
      readonly node: string;
      readonly tunnel: string;
    } & TunnelSwitch)
  /** How a tunnel fares, as the machine of its client knows it; the last is in run.json. */
  | ({ readonly kind: 'tunnel-statistics'; readonly time: number } & TunnelRecord)
  /** How far something long has got: for people, and not evidence. */
  | { readonly kind: 'progress'; readonly time: number; readonly text: string }
  /** What became of a container. */
  | {
      readonly kind: 'container';
      readonly time: number;
      readonly node: string;
      readonly what: 'started' | 'ready' | 'exited' | 'out-of-memory';
      /** Of one that exited. */
      readonly exitCode?: number;
    }
  /** A line that a role or program wrote; it is in the role's log as well. */
  | {
      readonly kind: 'log';
      readonly time: number;
      readonly node: string;
      readonly role: string;
      readonly line: string;
    }
  /** Something ended that should not have. */
  | { readonly kind: 'broken'; readonly time: number; readonly fault: AgentFault };

/** How a machine reaches the others, known only when the lab is up. */
export interface UnderlayOrder {
  /** Added to the number of each trunk (`PlanTrunk.vni`), modulo 2^24: what keeps the labs of one machine apart. */
  readonly vniBase: number;
  /** This machine's own address. */
  readonly own: string;
  /** Machine → its address. */
  readonly peers: Readonly<Record<string, string>>;
  /** With WireGuard, `own` and `peers` are addresses within it. */
  readonly wireguard?: WireguardOrder;
}

/** One machine's part of the WireGuard mesh between the machines. Keys are base64 of 32 bytes. */
export interface WireguardOrder {
  readonly privateKey: string;
  readonly port: number;
  readonly peers: readonly {
    readonly machine: string;
    readonly publicKey: string;
    /** Its address and UDP port on the machines' own network. */
    readonly endpoint: { readonly address: string; readonly port: number };
  }[];
}

/** A certificate authority that several agents share. Both in PEM. */
export interface AuthorityKey {
  readonly certificate: string;
  readonly privateKey: string;
}

export interface AgentFacts {
  readonly version: string;
  readonly node: string;
  /** `uname -sr`. */
  readonly kernel: string;
  readonly netem: boolean;
  readonly pid: number;
}

export interface BuildReport {
  /** Milliseconds, by phase: namespaces, links, addresses and so on; last `threads`. */
  readonly timings: Readonly<Record<string, number>>;
  /** How each impaired network is made: the kernel's netem, or our switch. */
  readonly impairments: Readonly<Record<string, 'netem' | 'tbf' | 'switch'>>;
}

/** An impaired direction of a network from a member on one machine to a member on another. */
export interface ProbedLink {
  readonly network: string;
  readonly from: { readonly node: string; readonly mac: string };
  readonly to: { readonly node: string; readonly mac: string };
  /** What the frames of `from` meet. */
  readonly impairment: Impairment;
  /** Counts from 0: frames of an earlier one are known by it. */
  readonly attempt: number;
  /** How many times longer than usual a burst is. */
  readonly patience: number;
}

/** Frames sent across one direction of a network before traffic. */
export interface LinkMeasurement {
  readonly network: string;
  readonly from: string;
  readonly to: string;
  /** Median one-way delay in milliseconds. */
  readonly delay: number;
  /** Standard deviation of the delay in milliseconds. */
  readonly jitter: number;
  /** By how much the delay may be wrong, milliseconds: the ends are on machines with clocks of their own. Absent: on one. */
  readonly error?: number;
  readonly lossRatio: number;
  /** Bits per second, or null where no rate is asked for. */
  readonly rate: number | null;
  /** What misses the file's wish beyond the tolerance, one sentence each; empty when all holds. */
  readonly misses: readonly string[];
}

export interface CaptureStats {
  readonly node: string;
  readonly network: string;
  readonly file: string;
  readonly packets: number;
  readonly bytes: number;
  /** Packets that the kernel could not hand over. */
  readonly dropped: number;
}
