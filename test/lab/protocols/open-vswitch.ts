// A switch of Open vSwitch whose ports are no devices, in a network namespace of its own.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SCHEMA = '/usr/share/openvswitch/vswitch.ovsschema';

export interface VirtualSwitch {
  /** For files of the test, sockets among them. */
  readonly directory: string;
  /** Where ovs-ofctl reaches it. */
  readonly management: string;
  stop(): void;
}

/** Its bridge has the ports 1 and 2, and speaks OpenFlow 1.0 to 1.5. */
export async function startSwitch(): Promise<VirtualSwitch> {
  const directory = mkdtempSync(join(tmpdir(), 'netscenario-ovs-'));
  const at = (name: string): string => join(directory, name);
  const daemons = ['ovsdb', 'vswitchd'];
  const stop = (): void => {
    for (const daemon of daemons) end(at(`${daemon}.pid`));
    rmSync(directory, { recursive: true });
  };
  const env = {
    ...process.env,
    OVS_RUNDIR: directory,
    OVS_LOGDIR: directory,
    OVS_DBDIR: directory,
    OVS_SYSCONFDIR: directory,
  };
  // Once it can be talked to, a daemon that detaches itself lets its caller go on.
  const daemon = (name: string): readonly string[] => [
    ...['--detach', '--no-chdir', '--verbose=console:off'],
    ...[`--pidfile=${at(`${name}.pid`)}`, `--log-file=${at(`${name}.log`)}`],
    `--unixctl=${at(`${name}.ctl`)}`,
  ];
  const database = `unix:${at('db.sock')}`;
  const configure = ['--timeout=20', `--db=${database}`];
  try {
    await run('ovsdb-tool', ['create', at('conf.db'), SCHEMA], { env });
    await run('ovsdb-server', [at('conf.db'), `--remote=p${database}`, ...daemon('ovsdb')], {
      env,
    });
    await run('ovs-vsctl', [...configure, '--no-wait', 'init'], { env });
    const vswitchd = ['ovs-vswitchd', database, '--enable-dummy', ...daemon('vswitchd')];
    await run('unshare', ['--map-root-user', '--net', ...vswitchd], { env });
    await run('ovs-vsctl', [...configure, ...bridge()], { env });
  } catch (error) {
    stop();
    throw error;
  }
  return { directory, management: at('br0.mgmt'), stop };
}

function bridge(): readonly string[] {
  const versions = [10, 11, 12, 13, 14, 15].map((version) => `OpenFlow${version}`).join(',');
  const ports = [1, 2].flatMap((port) => [
    ...['--', 'add-port', 'br0', `p${port}`],
    ...['--', 'set', 'interface', `p${port}`, 'type=dummy', `ofport_request=${port}`],
  ]);
  const settings = ['datapath_type=dummy', 'fail-mode=secure', `protocols=${versions}`];
  return ['add-br', 'br0', '--', 'set', 'bridge', 'br0', ...settings, ...ports];
}

/** The daemon may not have come as far as to write its number. */
function end(pidFile: string): void {
  try {
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGTERM');
  } catch {
    // There is none.
  }
}
