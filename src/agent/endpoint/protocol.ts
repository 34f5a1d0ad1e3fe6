// What the agent's main thread and the thread of one node say to each other: structured clones over the message port.
import type { AgentFault } from '../../model/rpc.ts';
import type { Observation } from '../../model/observation.ts';
import type { ChannelTuple, PartyReport, ScriptSpec } from '../../model/script.ts';
import type { ServiceShortfall } from './services/running-service.ts';
import type { ProbeSpec, Service } from '../../model/traffic.ts';

/** Handed to a node's thread when it starts. */
export interface EndpointSetup {
  readonly node: string;
  /** The file descriptor, in this process, of the node's network namespace. */
  readonly namespaceFd: number;
  /** The folder for log files; absolute. */
  readonly logs: string;
  /** The lab's certificate authority, in PEM: all that TLS probes trust. */
  readonly trust: string;
  /** Those that the node has parties of. */
  readonly scripts: readonly ScriptSetup[];
}

/** Probes that are sockets of one node; programs are the main thread's, and scripts have several parties. */
export type SocketProbe = Exclude<ProbeSpec, { kind: 'run' | 'quic' | 'script' | 'visit' }>;

/** A TLS server's private key and certificate in PEM. They live in memory only. */
export interface Credentials {
  readonly key: string;
  readonly certificate: string;
}

export interface ServiceSetup {
  readonly service: Service;
  /** For services over TLS. */
  readonly credentials: Credentials | null;
  /** Of a web server, by site. */
  readonly sites?: Readonly<Record<string, Credentials>>;
  /** That of the scenario's main file, absolute; empty where nothing of it is served. */
  readonly folder: string;
}

export interface LoadRequest {
  /** The kinds of the node's probes. */
  readonly probes: readonly SocketProbe['kind'][];
}

/** A script of which the node has parties. */
export interface ScriptSetup {
  readonly flow: string;
  /** Only the node's own parties have their programs. */
  readonly spec: ScriptSpec;
  /** The plan's. */
  readonly seed: number;
  /** For transport `tls`. */
  readonly credentials: Credentials | null;
  /** For transport `unix`: where its socket files are, and their names by channel. */
  readonly sockets: { readonly folderFd: number; readonly names: readonly string[] } | null;
}

export interface PlayRequest {
  readonly flow: string;
  /** 1 for the first. */
  readonly attempt: number;
}

/** A party elsewhere has failed. */
export interface PlayEnding extends PlayRequest {
  readonly reason: string;
  /** Its connections: where attempts overlap, the other end may be of another one. */
  readonly tuples: readonly ChannelTuple[];
}

export interface StartRequest {
  readonly services: readonly ServiceSetup[];
}

export interface ProbeRequest {
  readonly flow: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly probe: SocketProbe;
}

/** Method name → what it takes and gives. Every call is answered once. */
export interface EndpointMethods {
  /** Answered when the thread is in its node and all that the coming probes need is loaded. */
  load: { params: LoadRequest; result: null };
  /** Answered when every service accepts. */
  start: { params: StartRequest; result: null };
  probe: { params: ProbeRequest; result: Observation };
  /** Answered when the node's parties can be connected to. */
  open: { params: PlayRequest; result: null };
  /** Plays an opened attempt, from `at` on (microseconds since the epoch; null: at once); answered when the node's parties are done. */
  play: { params: PlayRequest & { readonly at: number | null }; result: readonly PartyReport[] };
  /** Ends what of an attempt still plays: a party elsewhere has failed. */
  endPlay: { params: PlayEnding; result: null };
  /** Closes every listener and socket and flushes the logs; answered with what the services had to leave undone. */
  stop: { params: null; result: readonly ServiceShortfall[] };
}

export type EndpointMethod = keyof EndpointMethods;

export type EndpointRequest = {
  [M in EndpointMethod]: {
    readonly id: number;
    readonly method: M;
    readonly params: EndpointMethods[M]['params'];
  };
}[EndpointMethod];

export type EndpointResponse =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly fault: AgentFault };
