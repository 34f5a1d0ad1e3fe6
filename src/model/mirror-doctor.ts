// What has to be so before a mirror can copy: what of it was found, and what is said where it is not so. The causes are those of
// docs/mirror.md, each of which was seen with tcpcopy as well.

/** What was found of the nodes of a mirror, before any traffic. Null: it could not be found out. */
export interface MirrorFacts {
  /** How the target answers a connection from the online server to its port. */
  readonly port: 'open' | 'closed' | 'silent' | null;
  /** Where the target's kernel sends what is for a client: `local` is the target's own interface with a neighbour that is nobody. */
  readonly route: 'assistant' | 'local' | 'elsewhere' | 'none' | 'blackhole' | null;
  /** With `local`: whether that neighbour is written down, so that nothing waits for its answer. */
  readonly neighbour: boolean | null;
  /** Whether the assistant's kernel forwards, and nothing drops what comes from the target. */
  readonly forwards: boolean | null;
  /** Of the interface on which copies come to the target: rp_filter as it is in force, and whether what is for clients leaves by it. */
  readonly reversePath: { readonly filter: 0 | 1 | 2; readonly isSameInterface: boolean } | null;
  /** Whether what the online server sends to the target is given another destination on its way, and another source. */
  readonly nat: { readonly destination: boolean; readonly source: boolean } | null;
  /** Where target and assistant are on one bridge of a machine: whether its packets pass the machine's own rules. Null also where they are not. */
  readonly bridgeNetfilter: boolean | null;
  /** Whether a copy's acknowledgment is lost where its SYN was not, and a rule drops what connection tracking calls invalid. */
  readonly dropsInvalid: boolean | null;
}

export type MirrorFindingCode =
  | 'port-closed'
  | 'port-silent'
  | 'route-missing'
  | 'route-elsewhere'
  | 'route-blackhole'
  | 'neighbour-missing'
  | 'assistant-forwards'
  | 'reverse-path-filter'
  | 'source-rewritten'
  | 'bridge-netfilter-off'
  | 'target-rewritten'
  | 'invalid-dropped';

/** What the doctor of a mirror found before the traffic; empty: it can copy. */
export interface MirrorDiagnosis {
  readonly mirror: string;
  readonly findings: readonly MirrorFinding[];
}

export interface MirrorFinding {
  readonly code: MirrorFindingCode;
  /** `fails`: nothing is copied. `leaks`: besides, clients get packets of the target, and reset its connections. */
  readonly effect: 'fails' | 'leaks';
  readonly message: string;
  /** What mends it. */
  readonly help: string;
}

/** What was found of a mirror by one of the target's addresses. */
export interface MirrorInspection {
  readonly mirror: string;
  /** Of the target, to which copies are sent. */
  readonly address: string;
  readonly facts: MirrorFacts;
}
