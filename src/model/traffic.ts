// Traffic, resolved: who serves, who asks, when.
import type { CensorSpec } from './censor.ts';
import type { Environment } from './container.ts';
import type {
  DnsType,
  HelloShape,
  HttpsProbe,
  HttpVersion,
  PingProbe,
  QuicProbe,
  SecureLookup,
  Target,
  TracerouteProbe,
} from './probe.ts';
import type { ScriptSpec } from './script.ts';
import type { VisitSpec } from './visit.ts';
import type { WebSpec } from './web.ts';

export type { Target } from './probe.ts';

/** A server that runs from before the first flow until after the last. */
export interface Service {
  readonly name: string;
  readonly on: string;
  /** Addresses to listen on: all of the node's own, of both families. */
  readonly addresses: readonly string[];
  readonly serve: ServeSpec;
}

export type ServeSpec =
  | {
      readonly kind: 'http';
      readonly port: number;
      readonly sites: readonly HttpSite[];
      /** Body size in bytes of a page with no site of its own. */ readonly size: number;
    }
  | {
      readonly kind: 'tls';
      readonly port: number;
      readonly names: readonly string[];
      /** Bytes of the page sent to a GET after the handshake. */ readonly size: number;
      /** Whether it speaks HTTP/2 to clients that offer `h2`; it does not when absent. */ readonly http2?: boolean;
    }
  | {
      readonly kind: 'dns';
      readonly port: number;
      readonly records: readonly DnsRecord[];
      /** Seconds. */ readonly ttl: number;
      /** DNS over TLS and over HTTPS; neither when absent. */ readonly secure?: SecureDns;
    }
  | WebSpec
  /** HTTP/3, by ngtcp2's server. */
  | {
      readonly kind: 'quic';
      readonly port: number;
      readonly names: readonly string[];
      /** Bytes of its page; absent: a few words. */ readonly size?: number;
    }
  | { readonly kind: 'tcp-echo' | 'udp-echo'; readonly port: number };

export interface SecureDns {
  /** Null where it does not listen. */
  readonly dot: number | null;
  readonly doh: number | null;
  /** Names in the certificate. */
  readonly names: readonly string[];
}

export interface HttpSite {
  /** The Host header it answers to; `*` any. */
  readonly host: string;
  readonly status: number;
  readonly body: string;
}

export interface DnsRecord {
  /** Without the dot at the end, lower case. */
  readonly name: string;
  readonly type: DnsType;
  /** As zone files write it. */
  readonly value: string;
}

/** What happens to a censor while the traffic runs, at its place in the timeline: flows may come `after` it, and it after flows. */
export interface CensorControl {
  readonly name: string;
  /** Of `PlanCensor`: all of this name, when one censor sits on several nodes. */
  readonly censor: string;
  /** Milliseconds after traffic starts, or after the last of `after` ended. */
  readonly at: number;
  /** Flows and controls that must have ended first; a control ends when what it says is in force. */
  readonly after: readonly string[];
  readonly do: CensorChange;
}

/** `stop`: everything passes unjudged and counted. `start`: it judges again. `reload`: `spec` is in force instead. */
export type CensorChange =
  | { readonly kind: 'stop' | 'start' }
  | {
      readonly kind: 'reload';
      /** With everything that the entry does not change as it was. A program is started anew, from the files that it has here. */
      readonly spec: CensorSpec;
    };

/** What happens to a proxy while the traffic runs, at its place in the timeline. */
export interface ProxyControl extends Pick<CensorControl, 'name' | 'at' | 'after'> {
  /** Of `PlanProxy`. */
  readonly proxy: string;
  readonly do: ProxyChange;
}

/** One of its faults or rules, or the whole: a relay that is off does not listen, and its sessions end. */
export type ProxyChange =
  | { readonly kind: 'fault' | 'rule'; readonly name: string; readonly enabled: boolean }
  | { readonly kind: 'proxy'; readonly enabled: boolean };

/** What happens to a tunnel while the traffic runs, at its place in the timeline. */
export interface TunnelControl extends Pick<CensorControl, 'name' | 'at' | 'after'> {
  /** Of `PlanTunnel`, one that has a migration. */
  readonly tunnel: string;
  readonly do: TunnelChange;
}

/** It migrates from now on, by its policy, or no more; or it goes over another tunnel at once, whatever its policy. */
export type TunnelChange =
  | { readonly kind: 'migrate'; readonly enabled: boolean }
  | { readonly kind: 'switch'; readonly to: string };

export type Control = CensorControl | ProxyControl | TunnelControl;

/** Something that happens in the timeline and whose outcome is observed. */
export interface Flow {
  readonly name: string;
  /** The node that starts it. */
  readonly from: string;
  readonly schedule: Schedule;
  /** Flows with the same barrier start their first attempts at one moment, once all of them may. */
  readonly barrier?: string;
  readonly probe: ProbeSpec;
}

export interface Schedule {
  /** Milliseconds after traffic starts, or after the last of `after` ended. */
  readonly at: number;
  /** Flows that must have ended first, and controls that must be in force. */
  readonly after: readonly string[];
  /** How many times in all; 0 with `for` means until the time is over. */
  readonly repeat: number;
  /** When each starts after the one before has started; null means when that has ended. */
  readonly pace: Pace | null;
  /** Milliseconds after which no further one starts, 0 meaning once; null means no such limit. */
  readonly for: number | null;
  /** How many run at once. */
  readonly concurrency: number;
}

/** Times between two starts, in milliseconds. */
export type Pace =
  | { readonly kind: 'even'; readonly every: number }
  /** Exponentially distributed around the mean, drawn from the plan's seed: arrivals of a Poisson process. */
  | { readonly kind: 'poisson'; readonly mean: number }
  /** One after the other, and from the first again when they are used up. */
  | { readonly kind: 'gaps'; readonly gaps: readonly number[] };

export type ProbeSpec =
  | ScriptSpec
  | VisitSpec
  | {
      readonly kind: 'tcp';
      readonly target: Target;
      /** Bytes sent and expected back by an echo; 0 only connects. */ readonly size: number;
      readonly timeout: number;
    }
  | {
      readonly kind: 'udp';
      readonly target: Target;
      readonly size: number;
      readonly timeout: number;
    }
  | {
      readonly kind: 'http';
      readonly target: Target;
      readonly method: string;
      readonly hostHeader: string;
      readonly path: string;
      readonly timeout: number;
      readonly expectStatus: number | null;
      /** 1.1 when absent; 2 is by prior knowledge. */ readonly version?: HttpVersion;
    }
  | {
      readonly kind: 'tls';
      readonly target: Target;
      /** Empty sends no SNI. */ readonly sni: string;
      readonly alpn: readonly string[];
      /** Path asked for after the handshake, or null for the handshake alone. */ readonly get:
        string | null;
      readonly verify: boolean;
      readonly timeout: number;
      readonly hello?: HelloShape;
    }
  | {
      readonly kind: 'dns';
      readonly target: Target;
      readonly qname: string;
      readonly qtype: DnsType;
      readonly transport: 'udp' | 'tcp' | 'dot' | 'doh';
      /** Of `dot` and `doh`. */ readonly secure?: SecureLookup;
      readonly timeout: number;
      /** Answers that are right; empty means any answer is. */ readonly expectAnswers: readonly string[];
    }
  | HttpsProbe
  | QuicProbe
  | PingProbe
  | TracerouteProbe
  /** Any program: argv, never shell text. */
  | {
      readonly kind: 'run';
      readonly argv: readonly string[];
      readonly environment: Environment;
      readonly timeout: number;
      /** Runs until traffic ends, and is then stopped; its ending is no observation. */ readonly background: boolean;
    };
