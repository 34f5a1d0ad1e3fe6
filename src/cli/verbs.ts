// Every verb as data: what the parser, the help and the completion are made from. The verb's code is loaded when it runs.
import {
  COMPILING,
  FILE,
  JSON_OPTION,
  LAB,
  NODE,
  NO_BUILD,
  OUT,
  PARAMETERS,
  QUIET,
  YES,
} from './shared-options.ts';
import { MACHINE_OPTIONS } from './there/machine-option.ts';
import type { Verb } from './verb.ts';

export const VERBS: readonly Verb[] = [
  {
    name: 'init',
    summary: 'write a small scenario to start from',
    arguments: [
      {
        name: 'DIR',
        kind: 'directory',
        required: false,
        summary: 'where to (default: the current folder)',
      },
    ],
    options: [],
    load: () => import('./verbs/init.ts'),
  },
  {
    name: 'import',
    summary: 'turn a docker-compose file, a capture or a list of packets into a scenario',
    arguments: [
      {
        name: 'FILE',
        kind: 'file',
        required: true,
        summary: 'the compose file, pcap, pcapng or JSON; "-" reads standard input',
      },
    ],
    options: [
      {
        name: 'write',
        value: 'FILE',
        kind: 'file',
        summary: 'write the scenario to a file (default: standard output)',
      },
      {
        name: 'variables',
        value: 'FILE',
        kind: 'file',
        many: true,
        summary: 'read variables from it in place of .env; may be repeated',
      },
      {
        name: 'profile',
        value: 'P',
        many: true,
        summary: 'take in the services of this profile; may be repeated, "*" for all',
      },
      {
        name: 'flow',
        value: 'F',
        many: true,
        summary:
          'take this conversation of a capture: "#3", tcp:443, 10.0.0.1:5000-10.0.0.2:443; may be repeated',
      },
      { name: 'raw', summary: 'keep flags, numbers, windows and options of TCP segments' },
      { name: 'packets', summary: 'keep whole IP packets, of whatever protocol' },
      {
        name: 'random',
        value: 'WHICH',
        choices: ['cut', 'all'],
        summary: 'random bytes of the same sizes for what the capture lost (cut), or for all',
      },
      { name: 'force', summary: 'write over a file that is there' },
    ],
    load: () => import('./verbs/import.ts'),
  },
  {
    name: 'validate',
    summary: 'look for faults in scenarios',
    arguments: [{ ...FILE, many: true }],
    options: [
      ...COMPILING,
      { name: 'json', summary: 'print the faults as JSON' },
      { name: 'sarif', summary: 'print the faults as SARIF 2.1.0' },
    ],
    load: () => import('./verbs/validate.ts'),
  },
  {
    name: 'plan',
    summary: 'show everything that apply would do',
    arguments: [FILE],
    options: [...COMPILING, JSON_OPTION],
    load: () => import('./verbs/plan.ts'),
  },
  {
    name: 'apply',
    summary: 'run a scenario and judge it by its packets',
    arguments: [FILE],
    options: [
      ...COMPILING,
      OUT,
      { name: 'keep', summary: 'leave the lab up for exec, shell and destroy' },
      {
        name: 'resume',
        value: 'RESULTS',
        kind: 'file',
        summary: 'leave out the visits that the run with these results has finished',
      },
      NO_BUILD,
      YES,
      JSON_OPTION,
      { name: 'junit', value: 'FILE', kind: 'file', summary: 'write the outcome as JUnit XML too' },
      QUIET,
    ],
    load: () => import('./verbs/apply.ts'),
  },
  {
    name: 'up',
    summary: "build a scenario's lab with its services and containers and leave it up",
    arguments: [FILE],
    options: [...COMPILING, OUT, NO_BUILD, YES, JSON_OPTION, QUIET],
    load: () => import('./verbs/up.ts'),
  },
  {
    name: 'reload',
    summary:
      'give the censors of a lab that is up other rules, stop or start them, while packets pass',
    arguments: [{ ...FILE, required: false, summary: 'the scenario as it now is' }],
    options: [
      ...PARAMETERS,
      { name: 'stop', value: 'NAME', many: true, summary: 'let everything pass this censor' },
      { name: 'start', value: 'NAME', many: true, summary: 'let this censor judge again' },
      { name: 'lab', value: 'LAB', kind: 'lab', summary: 'the lab, where several are up' },
      QUIET,
    ],
    load: () => import('./verbs/reload.ts'),
  },
  {
    name: 'destroy',
    summary: 'take labs down',
    arguments: [LAB],
    options: [
      { name: 'all', summary: 'every lab, and what is left of those that were killed' },
      ...MACHINE_OPTIONS,
    ],
    load: () => import('./verbs/destroy.ts'),
  },
  {
    name: 'endpoint',
    summary: 'play one party of a script by hand, on this machine and without a lab',
    arguments: [
      {
        ...FILE,
        summary: 'a scenario with scripts, or a list of packets in JSON; "-" reads standard input',
      },
    ],
    options: [
      { name: 'flow', value: 'NAME', summary: 'the script, where the file has several' },
      { name: 'party', value: 'NAME', summary: 'the party (default: the one that connects)' },
      { name: 'server', summary: 'play the party that listens' },
      { name: 'src', value: 'ADDRESS', summary: "the party's own address (default: the script's)" },
      { name: 'sport', value: 'PORT', summary: "the party's own port (default: the script's)" },
      { name: 'dst', value: 'ADDRESS', summary: "the other's address (default: the script's)" },
      { name: 'dport', value: 'PORT', summary: "the other's port (default: the script's)" },
      {
        name: 'replay-for',
        value: 'TIME',
        summary: 'play again until it is over: seconds, or 1500ms (default: 0, once)',
      },
      {
        name: 'socket',
        value: 'PATH',
        kind: 'file',
        summary: 'the socket file of transport unix',
      },
      {
        name: 'ca',
        value: 'FILE',
        kind: 'file',
        summary: 'verify the server of transport tls by these certificates (default: not at all)',
      },
      {
        name: 'cert',
        value: 'FILE',
        kind: 'file',
        summary: "the server's certificate for transport tls (default: one of its own making)",
      },
      { name: 'key', value: 'FILE', kind: 'file', summary: 'the private key of --cert' },
      ...PARAMETERS,
      JSON_OPTION,
      QUIET,
    ],
    load: () => import('./verbs/endpoint.ts'),
  },
  {
    name: 'relay',
    summary: 'relay connections by hand, on this machine and without a lab',
    arguments: [],
    options: [
      {
        name: 'listen',
        value: 'ADDRESS',
        summary:
          'where: host:port, :port, tcp://, udp://, unix:/path or unix:@name (default: :6633)',
      },
      { name: 'port', value: 'PORT', summary: 'the same as --listen :PORT' },
      {
        name: 'target',
        value: 'ADDRESS',
        summary:
          'where to; "original": where the client wanted to go that was diverted (default: 127.0.0.1:6635)',
      },
      {
        name: 'protocol',
        value: 'NAME',
        summary: 'raw (default), lines, u32-length, http, tls, dns, openflow, or a file',
      },
      {
        name: 'rules',
        value: 'FILE',
        kind: 'file',
        summary: 'rules, faults and what else "relay" of a scenario has',
      },
      { name: 'ordering', value: 'ORDER', summary: 'all (default), typed or none' },
      { name: 'workers', value: 'N', summary: 'threads that edit messages (default: 0)' },
      { name: 'transparent', summary: 'take connections that TPROXY diverts; needs root' },
      {
        name: 'control',
        value: 'ADDRESS',
        summary: 'serve HTTP here, by which the relay is looked at and changed while it runs',
      },
      { name: 'audit', value: 'FILE', kind: 'file', summary: 'append each edit to it, as JSON' },
      {
        name: 'findings',
        value: 'DIR',
        kind: 'file',
        summary: 'write what the fuzzer finds into this folder, each as a file for --rules',
      },
      {
        name: 'seed',
        value: 'N',
        summary: 'the seed of everything drawn by chance: 0 to 2^53-1 (default: 1)',
      },
      JSON_OPTION,
      QUIET,
    ],
    load: () => import('./verbs/relay.ts'),
  },
  {
    name: 'censor',
    summary: "run a scenario's censor over a recorded capture, without a lab",
    arguments: [FILE],
    options: [
      {
        name: 'pcap',
        value: 'FILE',
        kind: 'file',
        summary: 'the capture, pcap or pcapng; "-" reads standard input',
      },
      {
        name: 'client',
        value: 'CIDR',
        many: true,
        summary: 'who is a client where the capture begins midway, and inside; may be repeated',
      },
      { name: 'censor', value: 'NAME', summary: 'the censor, where the file has several' },
      {
        name: 'events',
        value: 'FILE',
        kind: 'file',
        summary: "the run's events.ndjson: stop, start and reload the censor when the run did",
      },
      {
        name: 'write',
        value: 'FILE',
        kind: 'file',
        summary: 'write what would come out behind the censor as a pcap',
      },
      { name: 'force', summary: 'write over a file that is there' },
      { name: 'all', summary: 'list packets and flows that nothing happens to as well' },
      ...PARAMETERS,
      JSON_OPTION,
      QUIET,
    ],
    load: () => import('./verbs/censor.ts'),
  },
  {
    name: 'traces',
    summary: "read the packet sizes, directions and times of each visit from a run's captures",
    arguments: [
      {
        name: 'RESULTS',
        kind: 'directory',
        required: true,
        many: true,
        summary: 'the results folder of a run; several count as one',
      },
    ],
    options: [
      {
        name: 'write',
        value: 'DIR',
        kind: 'directory',
        summary: 'write the traces into this new folder',
      },
      {
        name: 'format',
        value: 'NAME',
        choices: ['cells', 'sizes', 'csv', 'npz', 'pcap'],
        summary:
          'cells (default): a file a trace, lines of time and direction; sizes: with bytes; csv: a row a packet; npz: NumPy; pcap: the packets themselves, a file a visit',
      },
      {
        name: 'capture',
        value: 'NAME',
        many: true,
        summary:
          'watch here: client.inside; may be repeated (default: all captures of nodes that visit)',
      },
      { name: 'control', summary: 'take the arm without censors' },
      {
        name: 'split',
        value: 'POLICY',
        summary:
          'split each trace over paths as well: none, round-robin, uniform, dirichlet, weighted, batched or trace; settings follow: uniform,every=200ms,paths=3',
      },
      {
        name: 'check',
        summary: 'see how often the site of a visit is told from each path, in a closed world',
      },
      { name: 'seed', value: 'N', summary: 'of splits and the check: 0 to 2^53-1 (default: 1)' },
      JSON_OPTION,
    ],
    load: () => import('./verbs/traces.ts'),
  },
  {
    name: 'ps',
    summary: 'list the labs that are up, and those of which only containers are left',
    arguments: [],
    options: [JSON_OPTION, ...MACHINE_OPTIONS],
    load: () => import('./verbs/ps.ts'),
  },
  {
    name: 'exec',
    summary: 'run a program in a node: runner exec [LAB] NODE [--] program [argument]…',
    arguments: [LAB, NODE],
    options: MACHINE_OPTIONS,
    takesCommand: true,
    load: () => import('./verbs/exec.ts'),
  },
  {
    name: 'shell',
    summary: 'open a shell in a node: runner shell [LAB] NODE',
    arguments: [LAB, NODE],
    options: MACHINE_OPTIONS,
    load: () => import('./verbs/shell.ts'),
  },
  {
    name: 'logs',
    summary:
      "print what a lab's services, programs, censors and containers wrote: runner logs [LAB] [NODE]",
    arguments: [LAB, NODE],
    options: [
      { name: 'follow', short: 'f', summary: 'go on with what they write until the lab ends' },
      ...MACHINE_OPTIONS,
    ],
    load: () => import('./verbs/logs.ts'),
  },
  {
    name: 'doctor',
    summary:
      "check what a machine can do, or what keeps a scenario's mirrors from copying, and say what mends it",
    arguments: [{ ...FILE, required: false }],
    options: [
      JSON_OPTION,
      OUT,
      ...COMPILING,
      NO_BUILD,
      YES,
      QUIET,
      { name: 'for-others', summary: 'look where labs of runners on other machines are kept here' },
      ...MACHINE_OPTIONS,
    ],
    load: () => import('./verbs/doctor.ts'),
  },
  {
    name: 'schema',
    summary: 'print the JSON Schema of scenarios',
    arguments: [],
    options: [],
    load: () => import('./verbs/schema.ts'),
  },
  {
    name: 'completion',
    summary: 'print a completion script for a shell',
    arguments: [
      {
        name: 'SHELL',
        kind: 'shell',
        required: true,
        choices: ['bash', 'zsh', 'fish'],
        summary: 'bash, zsh or fish',
      },
    ],
    options: [],
    load: () => import('./verbs/completion.ts'),
  },
];
