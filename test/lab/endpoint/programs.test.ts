import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ProbeSpec } from '../../../src/model/traffic.ts';
import { CLIENT, createTwoNodes, flow, service } from './two-nodes.ts';
import type { TwoNodes } from './two-nodes.ts';

const run = (argv: readonly string[], change: object = {}): ProbeSpec => ({
  ...{ kind: 'run', argv, environment: {}, timeout: 20_000, background: false },
  ...change,
});

const FLOWS = [
  flow(
    'curl',
    run(['curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}', 'https://www.example/']),
  ),
  flow('names', run(['getent', 'hosts', 'www.example'])),
  flow('addresses', run(['ip', '-o', 'address'])),
  flow('exit code', run(['sh', '-c', 'echo out; echo last words >&2; exit 3'])),
  flow('signal', run(['sh', '-c', 'kill -SEGV $$'])),
  flow('not found', run(['no-such-program'], { environment: { PATH: '/usr/bin:/bin' } })),
  flow('stubborn', run(['sh', '-c', 'trap "" TERM; sleep 61 & sleep 61'], { timeout: 200 })),
  flow('leaves a child', run(['sh', '-c', 'sleep 62 & echo done'])),
  flow(
    'environment',
    run(['sh', '-c', 'echo "$WORD $SSL_CERT_FILE"'], {
      environment: { WORD: 'a b;$(c)', SSL_CERT_FILE: 'mine' },
    }),
  ),
  flow('talkative', run(['sh', '-c', 'yes | head -n 100000; echo end'])),
  flow('background', run(['sh', '-c', 'echo up; sleep 63'], { background: true })),
  flow('short-lived', run(['sh', '-c', 'exit 5'], { background: true })),
  flow('waiting', run(['sleep', '64'])),
];

describe('agent/endpoint programs in a node', function () {
  this.timeout(60_000);
  let lab: TwoNodes;
  const log = (name: string): string =>
    readFileSync(join(lab.directory, 'logs', `client.${name}.log`), 'utf8');
  /** How many `sleep` of so many seconds there are in the PID namespace of the lab. */
  const sleeping = async (seconds: number): Promise<number> => {
    const processes = await lab.inNode('client', 'ps', '-eo', 'args');
    return processes.split('\n').filter((line) => line === `sleep ${seconds}`).length;
  };

  before(async () => {
    const secure = service('secure', { kind: 'tls', port: 443, names: ['www.example'], size: 100 });
    lab = createTwoNodes([secure], FLOWS);
    await lab.startServices();
  });
  after(() => lab.close());

  it('runFlow() runs a program that trusts the lab authority and uses the names of the lab', async () => {
    const found = await lab.runFlow('curl', 1);
    expect(found).to.include({ probe: 'run', failure: null, operation: null, exitCode: 0 });
    expect(log('curl')).to.equal('200');
    expect(found.end).to.be.above(found.start);
    await lab.runFlow('names', 1);
    expect(log('names')).to.match(/^10\.9\.0\.2\s+server www\.example\n$/);
  });

  it('runFlow() runs a program in the network namespace of its node', async () => {
    await lab.runFlow('addresses', 1);
    expect(log('addresses')).to.include(`${CLIENT.v4}/24`);
  });

  it('runFlow() observes an exit code and keeps the last words', async () => {
    expect(await lab.runFlow('exit code', 2)).to.deep.include({
      ...{ attempt: 2, failure: 'unknown_failure: exit code 3', operation: 'run', exitCode: 3 },
      detail: 'last words',
    });
    const events = await lab.events();
    const lines = events.flatMap((event) =>
      event.kind === 'log' && event.role === 'exit code' ? [event.line] : [],
    );
    expect(lines).to.have.members(['out', 'last words']);
  });

  it('runFlow() observes a signal and a program that is not there', async () => {
    expect(await lab.runFlow('signal', 1)).to.include({
      failure: 'unknown_failure: signal SIGSEGV',
      exitCode: 139,
    });
    expect(await lab.runFlow('not found', 1)).to.include({
      failure: 'unknown_failure: program not found',
      exitCode: 127,
    });
  });

  it('runFlow() ends a program that is out of time, with its children, even when it does not listen', async () => {
    const found = await lab.runFlow('stubborn', 1);
    expect(found.failure).to.equal('generic_timeout_error');
    expect(await sleeping(61)).to.equal(0);
  });

  it('runFlow() ends what a program leaves behind', async () => {
    expect(await lab.runFlow('leaves a child', 1)).to.include({ failure: null });
    expect(await sleeping(62)).to.equal(0);
  });

  it('runFlow() passes the environment of the scenario as it is, before its own', async () => {
    await lab.runFlow('environment', 1);
    expect(log('environment')).to.equal('a b;$(c) mine\n');
  });

  it('runFlow() logs all that a program says and shows a part of it', async () => {
    await lab.runFlow('talkative', 1);
    expect(log('talkative')).to.equal(`${'y\n'.repeat(100_000)}end\n`);
    const events = await lab.events();
    const shown = events.filter((event) => event.kind === 'log' && event.role === 'talkative');
    expect(shown.length).to.be.within(1, 5000);
  });

  it('startServices() starts background programs, and says so when one ends by itself', async () => {
    const events = await lab.events();
    expect(
      events.filter((event) => event.kind === 'log' && event.role === 'short-lived'),
    ).to.have.lengthOf(1);
  });

  it('stop() ends background programs and those that still run', async () => {
    expect(await lab.runFlow('background', 1)).to.include({ failure: null });
    expect(await sleeping(63)).to.equal(1);
    const waiting = lab.runFlow('waiting', 1);
    await lab.stop();
    expect((await waiting).failure).to.equal('interrupted');
    expect([await sleeping(63), await sleeping(64)]).to.deep.equal([0, 0]);
    expect(log('background')).to.equal('up\n');
  });
});
