import { expect } from 'chai';
import { connectAgent } from '../../../src/lab/agent-client.ts';
import { collect } from '../../../src/lab/far/collect.ts';
import { connectSsh } from '../../../src/ssh/connect.ts';
import type { SshConnection, SshOptions } from '../../../src/ssh/ssh.ts';
import { newId, waitFor } from '../lab/labs.ts';
import { signalAll } from '../ssh/signal-all.ts';
import { type FarBench, createBench, faultOf } from './far-bench.ts';
import type { FarHost } from './far-host.ts';

const cut = (host: FarHost): void => {
  const listener = host.find('[listener]');
  signalAll(
    host.sshds().filter((pid) => !listener.includes(pid)),
    'SIGKILL',
  );
};

describe('FarMachine', function () {
  this.timeout(60_000);
  const bench: FarBench = createBench();
  before(function () {
    if (process.getuid?.() !== 0) this.skip();
  });
  afterEach(() => bench.clear());

  it('runs a program when the way is back that was lost, while an agent is carried too', async () => {
    const host = await bench.begin();
    let isDown = false;
    let tries = 0;
    const connect = (options: SshOptions): Promise<SshConnection> => {
      tries += 1;
      return isDown ? Promise.reject(new Error('no route')) : connectSsh(options);
    };
    const machine = await bench.open(host, { connect });
    const agent = await machine.startAgent({
      ...{ labId: newId(), scenario: 'test', keepable: false, deadMan: 30_000, uplink: null },
    });
    const client = connectAgent(agent.input, agent.output, () => undefined);
    await client.call('hello', { protocol: 1, labId: '' }, 20_000);
    isDown = true;
    cut(host);
    const outputs = Promise.all(
      ['one', 'two'].map(async (word) => collect(await machine.run(['echo', word]), 20_000, word)),
    );
    await waitFor('tries', () => tries > 3);
    isDown = false;
    expect((await outputs).map(({ stdout }) => stdout)).to.deep.equal(['one\n', 'two\n']);
    await client.call('clock', {}, 20_000);
    agent.input.end();
    expect(await agent.ended).to.deep.equal({ reason: 'exit code 0', wasKilled: false });
  });

  it('leaves a lab alone that stays, though the word that lets go of it is lost', async () => {
    const host = await bench.begin();
    const machine = await bench.open(host);
    const labId = newId();
    const agent = await machine.startAgent({
      ...{ labId, scenario: 'test', keepable: true, deadMan: 1000, uplink: null },
    });
    const client = connectAgent(agent.input, agent.output, () => undefined);
    await client.call('hello', { protocol: 1, labId }, 20_000);
    await client.call('keep', {}, 20_000);
    signalAll(host.sshds(), 'SIGSTOP');
    const fault = await faultOf(agent.release(), 'run', /did not confirm that lab .* stays/);
    expect(fault.help).to.contain(`runner destroy ${labId}`);
    const end = Date.now() + 20_000;
    while (host.find('keeper.js').length > 0 && Date.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(host.find('keeper.js')).to.be.empty;
    expect(host.find('agent.js')).not.to.be.empty;
  });
});
