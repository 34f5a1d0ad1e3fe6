import { expect } from 'chai';
import { runExperiment } from './unshared.ts';

describe('kernel/namespace and kernel/process', function () {
  this.timeout(30_000);
  let found: Record<string, unknown>;
  before(async () => {
    found = await runExperiment('./namespace.experiment.ts');
  });

  for (const [title, key, value] of [
    ['createNetworkNamespace() leaves the thread where it was', 'staysHome', true],
    ['createNetworkNamespace() gives the descriptor of a namespace of its own', 'descriptor', true],
    ['openNetworkNamespace() opens the one that the thread is in', 'opened', true],
    ['inNamespace() acts in the other namespace', 'isElsewhere', true],
    ['inNamespace() comes back and passes on what is thrown', 'thrown', 'from inside'],
    ['inNamespace() binds sockets and children to the namespace for good', 'answer', 'hello'],
    ["inNamespace() keeps sockets out of the thread's own namespace", 'refusal', 'ECONNREFUSED'],
    ['inNamespace() throws the errno of a bad descriptor', 'badFd', 'EBADF'],
    ['enterNamespace() moves a worker alone', 'inWorker', true],
    ['createMemoryFile() gives a file to read and write', 'text', 'kept in memory'],
    ['createMemoryFile() names the file for whoever looks', 'link', '/memfd:experiment (deleted)'],
    ['waitForProcess() does not wait for one that runs', 'early', false],
  ] as const)
    it(title, () => expect(found).to.have.property(key, value));

  it('waitForProcess() takes an ended orphan once', () =>
    expect(found['reaped']).to.deep.equal([true, false]));
});
