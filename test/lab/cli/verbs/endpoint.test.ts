// `runner endpoint` on two machines: two processes, each in a network stack of its own, with nothing in common but the wire.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { PartyReport } from '../../../../src/model/script.ts';
import { type RunResult, type Running, startRunner } from '../../acceptance/support/runner.ts';
import {
  ADDRESSES,
  type MachineName,
  type TwoMachines,
  createTwoMachines,
} from '../../alone/two-machines.ts';

const PLAIN = ['client: { send: "hello" }', 'server: { send: "goodbye" }'];
const CRAFTED = [
  'client: { flags: SYN }',
  'server: { flags: SYN+ACK }',
  'client: { flags: PSH+ACK, send: "hello" }',
  'server: { flags: PSH+ACK, send: "goodbye" }',
];
const MICE = [
  { sender: 'client', delay: 0, payload: 'hello' },
  { sender: 'server', delay: 0.05, payload: 'goodbye' },
];

const scenario = (transport: string, steps: readonly string[]): string => `version: 1
name: pair
hosts: { client: {}, server: {} }
networks: { wire: { members: [client, server], ipv6: true } }
traffic:
  - name: greeting
    between: [${transport === 'unix' ? 'client, server' : 'client:40000, server:9000'}]
    transport: ${transport}
    script:
${steps.map((step) => `      - ${step}\n`).join('')}`;

interface Summary {
  readonly flow: string;
  readonly party: string;
  readonly plays: readonly PartyReport[];
  readonly failure: string | null;
}

interface PairOptions {
  readonly first?: MachineName;
  readonly family?: 'v4' | 'v6';
  readonly more?: readonly string[];
}

const summaryOf = ({ stdout }: RunResult): Summary => JSON.parse(stdout) as Summary;

describe('runner endpoint', function () {
  this.timeout(60_000);
  let folder = '';
  let machines: TwoMachines;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'endpoint-'));
    machines = await createTwoMachines();
  });
  after(async () => {
    await machines.close();
    rmSync(folder, { recursive: true });
  });

  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const play = (machine: MachineName, file: string, ...more: string[]): Running => {
    const role = machine === 'server' ? ['--server'] : [];
    return startRunner(['endpoint', file, ...role, '--json', ...more], {
      through: machines.through(machine),
      timeout: 40_000,
    });
  };
  const ends = (machine: MachineName, family: 'v4' | 'v6' = 'v4'): string[] => {
    const other = machine === 'client' ? 'server' : 'client';
    return ['--src', ADDRESSES[machine][family], '--dst', ADDRESSES[other][family]];
  };
  /** Both parties; `first` is there before the other is started. */
  const pair = async (
    file: string,
    { first = 'server', family = 'v4', more = [] }: PairOptions = {},
  ): Promise<Record<MachineName, RunResult>> => {
    const early = play(first, file, ...ends(first, family), ...more);
    await said(early, first === 'server' ? 'waits at' : 'connects from');
    const last = first === 'server' ? 'client' : 'server';
    const late = play(last, file, ...ends(last, family), ...more);
    const [one, other] = await Promise.all([early.ended, late.ended]);
    return first === 'server' ? { server: one, client: other } : { client: one, server: other };
  };
  const said = async ({ process: child, ended }: Running, text: string): Promise<void> => {
    let seen = '';
    const heard = new Promise<void>((resolve) =>
      child.stderr?.on('data', (chunk: string) => {
        seen += chunk;
        if (seen.includes(text)) resolve();
      }),
    );
    const over = ended.then(({ stderr }) => {
      throw new Error(`Ended before it said "${text}": ${stderr}`);
    });
    await Promise.race([heard, over]);
  };

  for (const [transport, family, steps] of [
    ['tcp', 'v4', PLAIN],
    ['tcp', 'v6', PLAIN],
    ['udp', 'v4', PLAIN],
    ['tls', 'v4', PLAIN],
    ['raw-tcp', 'v4', CRAFTED],
    ['raw-tcp', 'v6', CRAFTED],
    ['raw-udp', 'v4', PLAIN],
  ] as const)
    it(`plays ${transport} between two machines over IP${family}, as a capture shows`, async () => {
      const file = write('pair.yaml', scenario(transport, steps));
      const seen = await machines.watch('client', 'port 9000');
      const { client, server } = await pair(file, { family });
      expect([client.code, server.code], client.stderr + server.stderr).to.deep.equal([0, 0]);
      const [one, other] = [summaryOf(client), summaryOf(server)];
      expect([one.party, other.party]).to.deep.equal(['client', 'server']);
      expect(one.plays.map((report) => [report.sent, report.received])).to.deep.equal([[5, 7]]);
      expect(other.plays.map((report) => [report.sent, report.received])).to.deep.equal([[7, 5]]);
      if (transport === 'tls') return;
      const [from, to] = [ADDRESSES.client[family], ADDRESSES.server[family]];
      const kind = transport.endsWith('udp') ? 'UDP, length' : 'tcp';
      for (const wished of [
        `${from}.40000 > ${to}.9000: ${kind} 5`,
        `${to}.9000 > ${from}.40000: ${kind} 7`,
      ])
        await until(() => seen().includes(wished), `${wished} in ${seen()}`);
    });

  it('plays again until the time is over, each over a new connection', async () => {
    const file = write('pair.yaml', scenario('tcp', PLAIN));
    const again = await pair(file, { more: ['--replay-for', '0.5'] });
    expect([again.client.code, again.server.code]).to.deep.equal([0, 0]);
    const [one, other] = [summaryOf(again.client), summaryOf(again.server)];
    expect(one.plays.length).to.be.at.least(2);
    expect(other.plays.length).to.equal(one.plays.length);
  });

  it('waits for a server that starts later', async () => {
    const file = write('pair.yaml', scenario('tcp', PLAIN));
    const { client, server } = await pair(file, { first: 'client' });
    expect([client.code, server.code], client.stderr).to.deep.equal([0, 0]);
  });

  it("takes a mice testbed's config.json on both sides", async () => {
    const file = write('config.json', JSON.stringify(MICE));
    const ports = { client: ['--sport', '5001', '--dport', '5002'], server: [] as string[] };
    ports.server = ['--sport', '5002', '--dport', '5001'];
    const server = play('server', file, ...ends('server'), ...ports.server, '--replay-for', '0.0');
    await said(server, 'waits at');
    const client = play('client', file, ...ends('client'), ...ports.client, '--replay-for', '0.0');
    const [one, other] = await Promise.all([client.ended, server.ended]);
    expect([one.code, other.code], one.stderr + other.stderr).to.deep.equal([0, 0]);
    expect(summaryOf(one).plays[0]?.tuples[0]).to.include({ sourcePort: 5001 });
  });

  it('ends with the failure and the step when the other party does otherwise', async () => {
    const file = write('pair.yaml', scenario('tcp', PLAIN));
    const wrong = write(
      'other.yaml',
      scenario('tcp', [PLAIN[0] ?? '', 'server: { send: "GOODBYE" }']),
    );
    const server = play('server', wrong, ...ends('server'));
    await said(server, 'waits at');
    const client = play('client', file, ...ends('client'));
    const { code, stdout, stderr } = await client.ended;
    await server.ended;
    expect(code).to.equal(1);
    expect(stderr).to.match(/play 1: unknown_failure: .*differs at byte 0 .*at step 2/);
    expect((JSON.parse(stdout) as Summary).failure).to.contain('unknown_failure');
  });

  it('ends with 130 at Ctrl-C, and leaves no rule behind', async () => {
    const file = write('pair.yaml', scenario('raw-tcp', CRAFTED));
    const server = play('server', file, ...ends('server'));
    await said(server, 'waits at');
    expect(tables()).to.contain('runner_raw');
    process.kill(-(server.process.pid ?? 0), 'SIGINT');
    expect((await server.ended).code).to.equal(130);
    expect(tables()).to.equal('');
  });

  it('leaves no rule behind when it is killed', async () => {
    const file = write('pair.yaml', scenario('raw-tcp', CRAFTED));
    const server = play('server', file, ...ends('server'));
    await said(server, 'waits at');
    expect(tables()).to.contain('runner_raw');
    server.process.kill('SIGKILL');
    await server.ended;
    await until(() => tables() === '', 'the rules are gone');
  });

  const tables = (): string => {
    const [program, ...rest] = [...machines.through('server'), 'nft', 'list', 'tables'];
    return execFileSync(program, rest, { encoding: 'utf8' });
  };

  it('says what the machine does not have: an address, a free port', async () => {
    const file = write('pair.yaml', scenario('tcp', PLAIN));
    const stranger = await play('client', file, '--src', '10.9.0.77', '--dst', '10.9.0.2').ended;
    expect(stranger.code).to.equal(3);
    expect(stranger.stderr)
      .to.contain('10.9.0.77 is not one of this machine')
      .and.contain('10.9.0.1');
    const server = play('server', file, ...ends('server'));
    await said(server, 'waits at');
    const second = await play('server', file, ...ends('server')).ended;
    expect(second.code).to.equal(3);
    expect(second.stderr).to.contain('Port 9000 of 10.9.0.2 is taken');
    process.kill(-(server.process.pid ?? 0), 'SIGINT');
    expect((await server.ended).code).to.equal(130);
  });

  it('plays over a socket file', async () => {
    const file = write('unix.yaml', scenario('unix', PLAIN));
    const socket = ['--socket', join(folder, 'talk.sock')];
    const server = play('server', file, ...socket);
    await said(server, 'listens on');
    const client = await play('client', file, ...socket).ended;
    expect([client.code, (await server.ended).code], client.stderr).to.deep.equal([0, 0]);
  });
});

/** Milliseconds. */
const LIMIT = 5000;

async function until(holds: () => boolean, what: string): Promise<void> {
  const start = performance.now();
  while (!holds()) {
    if (performance.now() - start > LIMIT) throw new Error(`Not within ${LIMIT} ms: ${what}`);
    await delay(50);
  }
}
