import type { Expectation, ExpectationResult } from '../../src/model/expectation.ts';
import { LOCAL } from '../../src/model/machine.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Report } from '../../src/report/report.ts';
import type { Verdict } from '../../src/model/verdict.ts';

const plan: Plan = {
  planVersion: 1,
  scenario: 'censor',
  description: 'A client & a <censor>.',
  seed: 1,
  params: { sni: 'blocked.example' },
  control: false,
  machines: [LOCAL],
  nodes: [],
  names: [],
  networks: [],
  censors: [],
  services: [],
  flows: [],
  captures: [],
  expectations: [],
  steps: [],
};

const quiet = { duration: 76, rtt: 25, goodput: null, received: 10, retransmissions: 0 };

const forbidden: Verdict = {
  flow: 'forbidden',
  failure: 'connection_reset',
  cause: 'injected-rst',
  by: 'middle',
  summary: 'RST injected by middle',
  proof: [
    { capture: 'server.outside', frame: null, note: 'no such packet left server' },
    { capture: 'client.inside', frame: 9, note: 'RST, seq 1, from 10.10.2.2:443' },
  ],
  stage: 'tls',
  outcome: 'tcp.reset',
  signature: '⟨PSH+ACK→RST+ACK⟩',
  signals: [
    {
      kind: 'injected-rst',
      side: 'client',
      detail: '1 × RST; TTL 61 where packets of server have 63',
      proof: [{ capture: 'client.inside', frame: 9, note: 'RST, seq 1, from 10.10.2.2:443' }],
      by: 'middle',
    },
  ],
  attempts: 1,
  failedAttempts: 1,
  fiveTuple: null,
  metrics: quiet,
};

const allowed: Verdict = {
  flow: 'allowed',
  failure: null,
  cause: null,
  by: null,
  summary: 'TLS handshake in 76 ms',
  proof: [],
  stage: 'tls',
  outcome: 'match',
  signature: null,
  signals: [],
  attempts: 1,
  failedAttempts: 0,
  fiveTuple: null,
  metrics: quiet,
};

const wish: Expectation = {
  kind: 'flow',
  id: 'e1',
  flow: 'forbidden',
  failure: 'connection_reset',
  cause: 'injected-rst',
  by: 'middle',
};

const held: ExpectationResult = { id: 'e1', expectation: wish, held: true, detail: 'as wished' };

/** A report of a run that passed; each test changes what it is about. */
export const REPORT: Report = {
  plan,
  manifest: {
    manifestVersion: 1,
    scenario: 'censor',
    planHash: '3f9a1c'.padEnd(64, '0'),
    seed: 1,
    params: plan.params,
    status: 'passed',
    started: '2026-11-20T21:04:11.000Z',
    ended: '2026-11-20T21:04:12.500Z',
    warnings: [],
    versions: { runner: '0.1.0' },
    kernel: 'Linux 6.18.0',
    privileges: 'rootless',
    command: 'runner apply scenarios/censor.yaml --seed 1',
    timings: { up: 210, traffic: 340 },
    impairments: {},
    links: [],
    captures: [
      {
        node: 'client',
        network: 'inside',
        file: 'captures/client.inside.pcap',
        packets: 12,
        bytes: 3000,
        dropped: 0,
      },
    ],
    machines: [],
    censors: [],
    proxies: [],
    tunnels: [],
    mirrors: [],
    images: [],
    containers: [],
  },
  verdicts: [forbidden, allowed],
  expectations: [held],
};

export const failing: ExpectationResult = {
  ...held,
  held: false,
  detail: 'failure: wished "connection_reset", found none',
};
