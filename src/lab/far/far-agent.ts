// An agent on another machine, as its keeper there carries it: the conversation survives the connection.
import { randomBytes } from 'node:crypto';
import { PassThrough, Writable } from 'node:stream';
import { Fault } from '../../base/fault.ts';
import type { SshChannel, SshConnection } from '../../ssh/ssh.ts';
import type { AgentEnd } from '../agent-process.ts';
import type { FarAgent, FarAgentOptions } from './far-machine.ts';
import type { Frame } from './frames.ts';
import {
  type AttachOrder,
  CHANNEL,
  GREETING_MARK,
  KEEPER_PROTOCOL,
  type KeeperControl,
  type KeeperGreeting,
  type KeeperOrder,
  readControl,
  readGreeting,
} from './keeper-protocol.ts';
import { type Link, createLink } from './link.ts';
import { lastWords } from './last-words.ts';
import { readLine } from './read-line.ts';
import { createRecovery } from './recovery.ts';
import { KEEP } from './far-scripts.ts';

export interface StartOptions extends FarAgentOptions {
  readonly machine: string;
  /** The bundle's run script there. */
  readonly runFile: string;
  /** Starts a program there as the user that labs belong to. */
  readonly exec: (argv: readonly string[]) => Promise<SshChannel>;
  /** Sees to a connection that is newer than that (performance.now()), over which `exec` goes from then on. */
  readonly renew: (since: number) => Promise<SshConnection>;
  /** Brings the bundle anew: the Node.js that it was tried out with is another now. */
  readonly reinstall: () => Promise<void>;
  readonly onNotice: (text: string) => void;
}

/** How long a keeper may take to greet, in milliseconds: one with an uplink waits for it. */
const GREETING_MS = 30_000;
/** How long a keeper that has told of its lab's end may take to go, in milliseconds. */
const FAREWELL_MS = 1000;
/** How long a keeper that was told to go is waited for, in milliseconds, beside the dead-man time. */
const RELEASE_MS = 10_000;

/** Throws a machine fault when the machine lets no lab be. */
export async function startFarAgent(options: StartOptions): Promise<FarAgent> {
  const token = randomBytes(24).toString('base64url');
  const order: KeeperOrder = {
    ...{ protocol: KEEPER_PROTOCOL, abi: process.versions.modules, token },
    ...{ labId: options.labId, scenario: options.scenario, keepable: options.keepable },
    ...{ deadMan: options.deadMan, uplink: options.uplink },
  };
  let { channel, greeting } = await greet(options, ['start'], order);
  if (greeting.kind === 'other-node') {
    channel.close();
    await options.reinstall();
    ({ channel, greeting } = await greet(options, ['start'], order));
  }
  if (greeting.kind !== 'started') {
    channel.close();
    throw refusedBy(options.machine, greeting);
  }
  return carryAgent(options, token, channel, greeting.directory);
}

function carryAgent(
  options: StartOptions,
  token: string,
  first: SshChannel,
  directory: string,
): FarAgent {
  const output = new PassThrough();
  const log = new PassThrough();
  let settle: (end: AgentEnd) => void = () => undefined;
  const ended = new Promise<AgentEnd>((resolve) => {
    settle = resolve;
  });
  let onReleased = (): void => undefined;
  const released = new Promise<'released'>((resolve) => {
    onReleased = () => resolve('released');
  });
  let tried = 0;
  let isOver = false;
  const link: Link = createLink({ onFrame: take, onLost: () => recovery.begin('lost') });
  const recovery = createRecovery({
    ...options,
    link,
    attach: async () => {
      const order: AttachOrder = { token };
      const since = tried;
      tried = performance.now();
      await options.renew(since);
      const { channel, greeting } = await greet(options, ['attach', options.labId], order);
      if (greeting.kind === 'attached' && !isOver) join(channel);
      else channel.close();
      return greeting;
    },
    onOver: (end) => finish(end),
  });
  const input = new Writable({
    // A lost connection stops the writer only when what is kept for sending again is full.
    write: (payload: Buffer, _, done) => {
      send({ kind: CHANNEL.talk, payload }).then(() => done(), done);
    },
    final: (done) => {
      tell({ kind: 'end-input' }).then(() => done(), done);
    },
  });
  join(first);
  return {
    input,
    output,
    log,
    ended,
    directory,
    kill: () => {
      if (link.isOpen()) void tell({ kind: 'kill' });
      else
        finish({
          reason: 'given up while its connection was lost',
          wasKilled: true,
          isUnknown: true,
        });
    },
    release: async () => {
      // Not waited for: it may have no room, which whoever takes the word makes.
      void tell({ kind: 'release' });
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<AgentEnd>((resolve) => {
        const end: AgentEnd = { reason: 'no answer came', wasKilled: false };
        timer = setTimeout(() => resolve(end), options.deadMan + RELEASE_MS);
      });
      const outcome = await Promise.race([released, ended, late]);
      clearTimeout(timer);
      over();
      if (outcome !== 'released') throw notReleased(options, outcome);
    },
  };

  function join(channel: SshChannel): void {
    tried = performance.now();
    channel.stdin.on('error', () => undefined);
    channel.stderr.on('error', () => undefined).resume();
    link.attach(channel.stdout, channel.stdin);
  }

  /** In pieces that the other side reads whole. */
  async function send({ kind, payload }: Frame): Promise<void> {
    for (let at = 0; at < payload.length; at += PIECE)
      await link.send({ kind, payload: payload.subarray(at, at + PIECE) });
  }

  function tell(control: KeeperControl): Promise<void> {
    return link.send({ kind: CHANNEL.control, payload: Buffer.from(JSON.stringify(control)) });
  }

  function take({ kind, payload }: Frame): Promise<void> | undefined {
    if (kind !== CHANNEL.control) return pass(kind === CHANNEL.talk ? output : log, payload);
    const control = readControl(payload);
    if (control.kind === 'released') bidFarewell(onReleased);
    if (control.kind === 'ended') {
      const { reason, wasKilled } = control;
      bidFarewell(() => finish({ reason, wasKilled }));
    }
    return undefined;
  }

  /** The keeper goes when it hears that its last word was taken; sshd may drop what it has not passed on when we go first. */
  function bidFarewell(whenGone: () => void): void {
    setImmediate(() => {
      const late = setTimeout(whenGone, FAREWELL_MS);
      link.farewell(() => {
        clearTimeout(late);
        whenGone();
      });
    });
  }

  function finish(end: AgentEnd): void {
    if (isOver) return;
    over();
    settle(end);
  }

  function over(): void {
    isOver = true;
    recovery.stop();
    link.close();
    output.end();
    log.end();
    input.destroy();
  }
}

const PIECE = 1 << 16;

function pass(stream: PassThrough, payload: Buffer): Promise<void> | undefined {
  if (stream.destroyed || stream.writableEnded || stream.write(payload)) return undefined;
  return new Promise((resolve) => {
    stream.once('drain', resolve).once('close', resolve);
  });
}

/** Starts a keeper's program and reads its greeting. */
async function greet(
  { machine, runFile, exec }: StartOptions,
  argv: readonly string[],
  order: KeeperOrder | AttachOrder,
): Promise<{ channel: SshChannel; greeting: KeeperGreeting }> {
  const channel = await exec(['sh', '-c', KEEP, 'sh', runFile, ...argv]);
  channel.stdin.on('error', () => undefined);
  channel.stdin.write(`${JSON.stringify(order)}\n`);
  let said = '';
  const hear = (bytes: Buffer): void => void (said += bytes.toString());
  channel.stderr.on('data', hear);
  try {
    const line = await readLine(channel.stdout, GREETING_MS, GREETING_MARK);
    return {
      channel,
      greeting: readGreeting(line),
    };
  } catch (cause) {
    channel.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault(
      'machine',
      `The keeper of labs on machine "${machine}" did not greet (${reason}): "${lastWords(said)}"`,
      { help: 'The message is that of the machine itself: mend what it names there', cause },
    );
  } finally {
    channel.stderr.off('data', hear);
  }
}

function refusedBy(machine: string, greeting: KeeperGreeting): Fault {
  const reason = 'reason' in greeting ? greeting.reason : 'it greeted as if it had been there';
  return new Fault('machine', `Machine "${machine}" takes no lab: ${reason}`, {
    help: helpFor(reason),
  });
}

const notReleased = ({ machine, labId }: StartOptions, { reason }: AgentEnd): Fault =>
  new Fault(
    'run',
    `Machine "${machine}" did not confirm that lab ${labId} there stays without this runner: ${reason}`,
    {
      help: `See whether it is there, and remove it there when it is not wanted: "runner ps", "runner destroy ${labId}"`,
    },
  );

function helpFor(reason: string): string {
  if (/ENOSPC|no space/i.test(reason))
    return 'Its disk is full: make room in ~/.cache/netscenario there';
  if (/EROFS|read-only|EACCES|permission denied/i.test(reason))
    return 'Let its user write to ~/.cache/netscenario there, or let XDG_CACHE_HOME name another folder';
  if (reason.includes('protocol') || reason.includes('ABI'))
    return 'Remove ~/.cache/netscenario there: runner brings all anew';
  return 'Mend it there, or put the nodes on another machine';
}
