import { expect } from 'chai';
import { PassThrough } from 'node:stream';
import { type Line, createLine } from '../../../src/lab/far/line.ts';
import type { SshChannel, SshConnection } from '../../../src/ssh/ssh.ts';

interface Way {
  readonly connection: SshConnection;
  lose(): void;
  isClosed(): boolean;
}

/** A connection of which only the life is of interest. */
function openWay(): Way {
  let isClosed = false;
  let settle: (why: string | null) => void = () => undefined;
  const closed = new Promise<string | null>((resolve) => {
    settle = resolve;
  });
  const connection: SshConnection = {
    reached: 'edge@192.0.2.1:22',
    exec: () => Promise.reject(new Error('unused')),
    push: () => Promise.reject(new Error('unused')),
    closed,
    close: () => {
      isClosed = true;
      settle(null);
    },
  };
  return { connection, lose: () => settle('cut'), isClosed: () => isClosed };
}

function openChannel(): { channel: SshChannel; end: () => void } {
  let end = (): void => undefined;
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    end = () => resolve({ code: 0, signal: null });
  });
  const stream = (): PassThrough => new PassThrough();
  const nothing = (): void => undefined;
  return {
    channel: {
      ...{ stdin: stream(), stdout: stream(), stderr: stream(), ended },
      ...{ resize: nothing, close: nothing },
    },
    end: () => end(),
  };
}

const lineOf = (first: Way, reach: () => Promise<SshConnection>, patience = 5000): Line =>
  createLine(first.connection, { machine: 'edge', patience, reach });
const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing went wrong',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('createLine()', () => {
  it('goes on trying for a new connection when the first try fails', async () => {
    const [first, second] = [openWay(), openWay()];
    let tries = 0;
    const line = lineOf(first, () =>
      ++tries < 3 ? Promise.reject(new Error('refused')) : Promise.resolve(second.connection),
    );
    first.lose();
    await tick();
    const used: SshConnection[] = [];
    const start = (connection: SshConnection): Promise<SshChannel> => {
      used.push(connection);
      return Promise.resolve(openChannel().channel);
    };
    await line.run(start);
    expect(used).to.deep.equal([second.connection]);
    expect(tries).to.equal(3);
  });

  it('starts a program again whose connection is lost before it has begun', async () => {
    const [first, second] = [openWay(), openWay()];
    const line = lineOf(first, () => Promise.resolve(second.connection));
    const running = line.run((connection) =>
      connection === first.connection
        ? new Promise(() => undefined)
        : Promise.resolve(openChannel().channel),
    );
    await tick();
    first.lose();
    await running;
  });

  it('gives up when its patience is over, with why', async () => {
    const first = openWay();
    const line = lineOf(first, () => Promise.reject(new Error('refused')), 700);
    first.lose();
    await tick();
    const begun = performance.now();
    expect(await messageOf(line.run(() => Promise.resolve(openChannel().channel)))).to.equal(
      'refused',
    );
    expect(performance.now() - begun).to.be.within(400, 1500);
  });

  it('does not repeat what the machine itself refuses', async () => {
    let starts = 0;
    const line = lineOf(openWay(), () => Promise.reject(new Error('unused')));
    const start = (): Promise<SshChannel> => {
      starts += 1;
      return Promise.reject(new Error('no'));
    };
    expect(await messageOf(line.run(start))).to.equal('no');
    expect(starts).to.equal(1);
  });

  it('makes one connection for all who want one, and none where a newer one is there', async () => {
    const [first, second] = [openWay(), openWay()];
    let tries = 0;
    const line = lineOf(first, async () => {
      tries += 1;
      await tick();
      return second.connection;
    });
    const since = performance.now();
    first.lose();
    await tick();
    await Promise.all([
      line.renew(since),
      line.renew(since),
      line.run(() => Promise.resolve(openChannel().channel)),
    ]);
    expect(await line.renew(since)).to.equal(second.connection);
    expect(tries).to.equal(1);
  });

  it('closes a silent connection when the last program on it has ended, not before', async () => {
    const [first, second] = [openWay(), openWay()];
    const line = lineOf(first, () => Promise.resolve(second.connection));
    const transfer = openChannel();
    await line.run(() => Promise.resolve(transfer.channel));
    await line.renew(performance.now());
    await tick();
    expect(first.isClosed()).to.equal(false);
    transfer.end();
    await tick();
    expect(first.isClosed()).to.equal(true);
    expect(second.isClosed()).to.equal(false);
  });

  it('stops trying when it is closed', async () => {
    const first = openWay();
    const line = lineOf(first, () => new Promise(() => undefined));
    first.lose();
    await tick();
    const running = messageOf(line.run(() => Promise.resolve(openChannel().channel)));
    line.close();
    expect(await running).to.contain('was closed');
  });
});
