import { expect } from 'chai';
import { Fault } from '../../../src/base/fault.ts';
import { AgentThread, faultOf, threadEntry } from '../../../src/agent/thread/agent-thread.ts';

interface Ending {
  readonly message: string;
  readonly isAsked: boolean;
}

/** A thread of echo.worker.ts that has said that it is ready, what comes of it, and how it ends. */
async function startThread(isDeaf = false): Promise<{
  readonly thread: AgentThread<string, string>;
  readonly next: () => Promise<string>;
  readonly ended: Promise<Ending>;
}> {
  const words = new Int32Array(new SharedArrayBuffer(4));
  const heard: string[] = [];
  const waiting: ((reply: string) => void)[] = [];
  let end: (ending: Ending) => void = () => undefined;
  const ended = new Promise<Ending>((resolve) => (end = resolve));
  const thread = new AgentThread<string, string>({
    name: 'The thread',
    entry: new URL('./echo.worker.ts', import.meta.url),
    workerData: { shared: words.buffer, isDeaf },
    signalStop: () => {
      Atomics.store(words, 0, 1);
      Atomics.notify(words, 0);
    },
    onReply: (reply) => {
      const wish = waiting.shift();
      if (wish) wish(reply);
      else heard.push(reply);
    },
    onEnd: ({ message }, isAsked) => end({ message, isAsked }),
  });
  const next = (): Promise<string> =>
    new Promise((resolve) => {
      const reply = heard.shift();
      if (reply === undefined) waiting.push(resolve);
      else resolve(reply);
    });
  expect(await next()).to.equal('ready');
  return { thread, next, ended };
}

describe('AgentThread', function () {
  this.timeout(30_000);

  it('tells and hears, and ends when it is stopped', async () => {
    const before = process.listenerCount('exit');
    const { thread, next, ended } = await startThread();
    thread.post('something');
    expect(await next()).to.equal('something');
    expect(thread.hasEnded).to.equal(false);
    await thread.stop();
    expect(await ended).to.deep.equal({ message: 'The thread was stopped', isAsked: true });
    expect(thread.hasEnded).to.equal(true);
    expect(process.listenerCount('exit')).to.equal(before);
    thread.post('to nobody');
  });

  it('says of what a thread broke', async () => {
    const { thread, ended } = await startThread();
    thread.post('throw');
    const message = 'The thread broke: it was told to';
    expect(await ended).to.deep.equal({ message, isAsked: false });
  });

  it('ends a thread that does not hear that it is stopped, and takes its own word for why', async () => {
    const { thread, ended } = await startThread(true);
    thread.breakOf(new Fault('run', 'There is no such interface'));
    await thread.stop();
    expect(await ended).to.deep.equal({ message: 'There is no such interface', isAsked: true });
  });
});

describe('threadEntry()', () => {
  it('is beside the sources or beside the bundle', () => {
    expect(threadEntry('file:///a/raw/raw-thread.ts', 'agent-raw.js').href).to.equal(
      'file:///a/raw/worker.ts',
    );
    expect(threadEntry('file:///dist/agent.js', 'agent-raw.js').href).to.equal(
      'file:///dist/agent-raw.js',
    );
  });
});

describe('faultOf()', () => {
  it('gives the fault that crossed', () => {
    const fault = faultOf({ kind: 'machine', message: 'No way', help: 'Make one' });
    expect(fault).to.be.instanceOf(Fault);
    expect(fault).to.include({ kind: 'machine', message: 'No way', help: 'Make one' });
  });
});
