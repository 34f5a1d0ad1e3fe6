import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { cwd, chdir } from 'node:process';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { readLine } from '../../../src/lab/far/read-line.ts';
import { CHANNEL, type KeeperOrder } from '../../../src/lab/far/keeper-protocol.ts';
import { type Link, createLink } from '../../../src/lab/far/link.ts';
import { openDoor } from '../../../src/lab/keeper/door.ts';
import { type Keeping, keepLab } from '../../../src/lab/keeper/keep.ts';
import { makeLabFolder } from '../../../src/lab/machine/lab-folder.ts';
import type { Holder } from '../../../src/lab/machine/local.ts';
import { newId } from '../lab/labs.ts';

/** What is kept here is any program: that it is a lab's holder makes no difference. */
const startProgram = (script: string): Holder =>
  spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'pipe', 'pipe'] }) as unknown as Holder;
const orderOf = (labId: string, deadMan: number): KeeperOrder => ({
  ...{ protocol: 1, abi: '', labId, scenario: 'test', keepable: false, deadMan, uplink: null },
  token: 'word',
});
const control = (text: string): { kind: number; payload: Buffer } => ({
  kind: CHANNEL.control,
  payload: Buffer.from(text),
});

describe('keepLab()', function () {
  this.timeout(20_000);
  const cache = process.env['XDG_CACHE_HOME'];
  const start = cwd();
  const links: Link[] = [];
  let scratch = '';
  beforeEach(() => {
    scratch = mkdtempSync('/tmp/keep-');
    process.env['XDG_CACHE_HOME'] = scratch;
  });
  afterEach(() => {
    links.splice(0).forEach((link) => link.close());
    chdir(start);
    if (cache === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = cache;
    rmSync(scratch, { recursive: true, force: true });
  });

  it('clears away when the dead-man time is over, though nobody takes what the lab says', async () => {
    const labId = newId();
    const folder = await makeLabFolder(labId);
    const keeping = keepLab(
      startProgram('yes "what nobody hears" & cat >/dev/null; kill -9 $!'),
      orderOf(labId, 500),
    );
    const begun = performance.now();
    await keeping.ended;
    expect(performance.now() - begun).to.be.below(6000);
    expect(existsSync(folder)).to.equal(false);
  });

  it('kills at once, though what was said before is not read', async () => {
    const labId = newId();
    await makeLabFolder(labId);
    const keeping = keepLab(startProgram('exec sleep 60'), orderOf(labId, 30_000));
    const runner = attach(keeping);
    await runner.send({ kind: CHANNEL.talk, payload: Buffer.alloc(1 << 20) });
    await runner.send({ kind: CHANNEL.talk, payload: Buffer.alloc(1 << 20) });
    void runner.send(control('{"kind":"kill"}'));
    await keeping.ended;
  });

  it('outlives words that are none, and obeys over the next connection', async () => {
    const labId = newId();
    await makeLabFolder(labId);
    const keeping = keepLab(startProgram('exec sleep 60'), orderOf(labId, 30_000));
    let tell = (): void => undefined;
    const lost = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const runner = attach(keeping, tell);
    void runner.send(control('{'));
    await lost;
    connectTo(runner, keeping);
    void runner.send(control('{"kind":"kill"}'));
    await keeping.ended;
  });

  it('gives a guest who says no order no way in', async () => {
    const labId = newId();
    const folder = await makeLabFolder(labId);
    const guests: unknown[] = [];
    const door = await openDoor(folder, 'word', (guest) => guests.push(guest));
    for (const word of ['{', 'null', '{"token":7}']) {
      const socket = connect(join(folder, 'keeper.sock'));
      socket.write(`${word}\n`);
      expect(await readLine(socket, 5000)).to.contain('"refused"');
      socket.destroy();
    }
    door.close();
    expect(guests).to.deep.equal([]);
  });

  function attach(keeper: Keeping, onLost = (): void => undefined): Link {
    const link = createLink({ onFrame: () => undefined, onLost });
    links.push(link);
    connectTo(link, keeper);
    return link;
  }

  function connectTo(link: Link, keeper: Keeping): void {
    const [there, back] = [new PassThrough(), new PassThrough()];
    keeper.attach(there, back);
    link.attach(back, there);
  }
});
