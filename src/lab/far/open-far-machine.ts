// Reaches a machine, sees what it is, brings this program's bundle there when it has it not, and starts programs on it.
import { join } from 'node:path';
import { Fault } from '../../base/fault.ts';
import { invariant } from '../../base/invariant.ts';
import type { PlanMachine } from '../../model/machine.ts';
import { connectSsh } from '../../ssh/connect.ts';
import type { Ask, SshChannel, SshConnection, SshOptions, Terminal } from '../../ssh/ssh.ts';
import { type Elevation, execElevated } from './become.ts';
import { type Bundle, readBundle } from './bundle.ts';
import { collect } from './collect.ts';
import { startFarAgent } from './far-agent.ts';
import { FAR_RUNNER, type FarMachine } from './far-machine.ts';
import { installBundle } from './install.ts';
import { createLine } from './line.ts';
import { type FarProbe, checkKernel, probeMachine } from './probe.ts';
import { remoteCommand } from './remote-command.ts';

export interface OpenOptions {
  readonly machine: PlanMachine;
  /** What relative paths of the machine's settings are relative to; absolute. */
  readonly folder: string;
  readonly ask: Ask;
  /** Gives up while the machine is being opened; nothing happens when it aborts afterwards. */
  readonly signal?: AbortSignal;
  /** How far it has got, for people. */
  readonly onProgress?: (text: string) => void;
  /** What a person should know: the connection is lost, found again. */
  readonly onNotice?: (text: string) => void;
  /** What is brought there; else what this program itself is of. */
  readonly bundle?: Bundle;
  /** How it is reached. */
  readonly connect?: (options: SshOptions) => Promise<SshConnection>;
}

const UID_MS = 30_000;

/** Throws a machine fault that says what the machine lacks and what mends it. */
export async function openFarMachine(options: OpenOptions): Promise<FarMachine> {
  const { machine, connect = connectSsh, onProgress = () => undefined } = options;
  const { ssh: destination, name } = machine;
  invariant(destination, 'A far machine is reached by ssh');
  const reach = (signal: AbortSignal): Promise<SshConnection> =>
    connect({
      ...{ machine: name, destination, folder: options.folder, ask: options.ask },
      signal,
    });
  const opening = options.signal ?? new AbortController().signal;
  const reading = options.bundle ? Promise.resolve(options.bundle) : readBundle();
  reading.catch(() => undefined);
  const connection = await reach(opening);
  const line = createLine(connection, { machine: name, patience: machine.deadMan, reach });
  const elevation: Elevation = {
    ...{ machine: name, reached: connection.reached, ask: options.ask },
    kept: { password: null },
  };
  try {
    const bundle = await reading;
    const probe = await probeMachine(connection, name, bundle.name, opening);
    checkKernel(name, probe.kernel);
    const setup = { machine: name, probe, bundle, onProgress };
    if (!probe.hasBundle) await installBundle({ ...setup, connection, signal: opening });
    const runFile = join(probe.cache, bundle.name, 'run');
    const start = (
      now: SshConnection,
      argv: readonly string[],
      terminal?: Terminal,
    ): Promise<SshChannel> =>
      machine.become === null
        ? now.exec(remoteCommand('exec "$@"', argv), terminal)
        : execElevated(now, argv, elevation, line.closing, terminal);
    const facts = {
      reached: connection.reached,
      address: probe.address,
      peer: probe.peer,
      kernel: probe.kernel,
      uid:
        machine.become === null
          ? probe.uid
          : await elevatedUid(connection, elevation, probe, opening),
    };
    return {
      name,
      facts,
      run: (argv, terminal) =>
        line.run((now) =>
          start(
            now,
            argv[0] === FAR_RUNNER ? [runFile, 'runner', ...argv.slice(1)] : argv,
            terminal,
          ),
        ),
      startAgent: (agent) =>
        startFarAgent({
          ...agent,
          ...{ machine: name, runFile, renew: (since) => line.renew(since) },
          exec: (argv) => line.runResumable((now) => start(now, argv)),
          reinstall: async () =>
            installBundle({
              ...{ ...setup, isAnew: true, signal: line.closing },
              connection: await line.renew(-Infinity),
            }),
          onNotice: options.onNotice ?? (() => undefined),
        }),
      close: () => line.close(),
    };
  } catch (error) {
    line.close();
    throw error;
  }
}

/** Whoever the lab belongs to, as sudo makes it; asks for the password once, if one is wanted. */
async function elevatedUid(
  connection: SshConnection,
  elevation: Elevation,
  { uid }: FarProbe,
  signal: AbortSignal,
): Promise<number> {
  if (uid === 0) return 0;
  const { machine } = elevation;
  const channel = await execElevated(connection, ['id', '-u'], elevation, signal);
  const { stdout } = await collect(channel, UID_MS, `sudo on machine "${machine}"`, signal);
  const found = Number(stdout.trim() || NaN);
  if (found === 0) return found;
  throw new Fault('machine', `sudo on machine "${machine}" makes nobody root: "${stdout.trim()}"`);
}
