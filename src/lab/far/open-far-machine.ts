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
import { type FarProbe, checkKernel, probeMachine } from './probe.ts';
import { remoteCommand } from './remote-command.ts';

export interface OpenOptions {
  readonly machine: PlanMachine;
  /** What relative paths of the machine's settings are relative to; absolute. */
  readonly folder: string;
  readonly ask: Ask;
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
  const reach = (): Promise<SshConnection> =>
    connect({
      ...{ machine: name, destination, folder: options.folder, ask: options.ask },
      ...(options.signal && { signal: options.signal }),
    });
  const [connection, bundle] = await Promise.all([reach(), options.bundle ?? readBundle()]);
  const line = createLine(connection, reach);
  const elevation: Elevation = {
    ...{ machine: name, reached: connection.reached, ask: options.ask },
    kept: { password: null },
  };
  try {
    const probe = await probeMachine(connection, name, bundle.name);
    checkKernel(name, probe.kernel);
    const install = (): Promise<void> =>
      installBundle({ machine: name, connection, probe, bundle, onProgress });
    if (!probe.hasBundle) await install();
    const runFile = join(probe.cache, bundle.name, 'run');
    const exec = async (argv: readonly string[], terminal?: Terminal): Promise<SshChannel> => {
      const now = await line.connection();
      return machine.become === null
        ? now.exec(remoteCommand('exec "$@"', argv), terminal)
        : execElevated(now, argv, elevation, terminal);
    };
    const facts = {
      reached: connection.reached,
      address: probe.address,
      peer: probe.peer,
      kernel: probe.kernel,
      uid: machine.become === null ? probe.uid : await elevatedUid(exec, probe, name),
    };
    return {
      name,
      facts,
      run: (argv, terminal) =>
        exec(argv[0] === FAR_RUNNER ? [runFile, 'runner', ...argv.slice(1)] : argv, terminal),
      startAgent: (agent) =>
        startFarAgent({
          ...agent,
          ...{ machine: name, runFile, exec, renew: () => line.renew() },
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
  exec: (argv: readonly string[]) => Promise<SshChannel>,
  { uid }: FarProbe,
  machine: string,
): Promise<number> {
  if (uid === 0) return 0;
  const { stdout } = await collect(
    await exec(['id', '-u']),
    UID_MS,
    `sudo on machine "${machine}"`,
  );
  const found = Number(stdout.trim() || NaN);
  if (found === 0) return found;
  throw new Fault('machine', `sudo on machine "${machine}" makes nobody root: "${stdout.trim()}"`);
}

/** The connection of the moment. */
interface Line {
  /** That which there is, or a new one when it is gone. */
  connection(): Promise<SshConnection>;
  /** A new one, whatever the old one may do: its silence may be that of the network. */
  renew(): Promise<SshConnection>;
  close(): void;
}

function createLine(first: SshConnection, reach: () => Promise<SshConnection>): Line {
  let current: SshConnection | undefined;
  let isClosed = false;
  const use = (connection: SshConnection): SshConnection => {
    const old = current;
    current = connection;
    if (isClosed) connection.close();
    void connection.closed.then(() => {
      if (current === connection) current = undefined;
    });
    old?.close();
    return connection;
  };
  const renew = async (): Promise<SshConnection> => use(await reach());
  use(first);
  return {
    connection: () => (current ? Promise.resolve(current) : renew()),
    renew,
    close: () => {
      isClosed = true;
      current?.close();
    },
  };
}
