// Why this machine lets nobody make a lab, and the one line that mends it.
import { readFileSync } from 'node:fs';
import { Fault } from '../../base/fault.ts';

/** A setting of the kernel that can stand in the way. */
interface Setting {
  readonly file: string;
  readonly forbids: (value: number) => boolean;
  readonly message: string;
  readonly help: string;
}

const SETTINGS: readonly Setting[] = [
  {
    file: '/proc/sys/kernel/unprivileged_userns_clone',
    forbids: (value) => value === 0,
    message: 'Ordinary users may not make user namespaces: kernel.unprivileged_userns_clone is 0',
    help: 'Run "sudo sysctl -w kernel.unprivileged_userns_clone=1", or run runner with sudo',
  },
  {
    file: '/proc/sys/user/max_user_namespaces',
    forbids: (value) => value === 0,
    message: 'No user namespaces may be made: user.max_user_namespaces is 0',
    help: 'Run "sudo sysctl -w user.max_user_namespaces=65536", or run runner with sudo',
  },
  {
    file: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    forbids: (value) => value === 1,
    message:
      'AppArmor withholds privileges in user namespaces: kernel.apparmor_restrict_unprivileged_userns is 1',
    help: 'Run "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0", or run runner with sudo',
  },
];

const LIMITS = ['net', 'mnt', 'pid'].map((kind): Setting => ({
  file: `/proc/sys/user/max_${kind}_namespaces`,
  forbids: (value) => value === 0,
  message: `No ${kind} namespaces may be made: user.max_${kind}_namespaces is 0`,
  help: `Run "sudo sysctl -w user.max_${kind}_namespaces=65536"`,
}));

/** Says why the holder ended before it spoke. `detail` is what it wrote; settings are read by `read`. */
export function explainRefusal(
  detail: string,
  isPrivileged: boolean,
  read: (file: string) => number | undefined = readSetting,
): Fault {
  const missing = /^spawn (\S+) ENOENT$/m.exec(detail)?.[1];
  if (missing !== undefined)
    return new Fault('machine', `Cannot make a lab: "${missing}" is not installed`, {
      help: 'Run "sudo apt-get install util-linux"',
    });
  const settings = isPrivileged ? LIMITS : [...SETTINGS, ...LIMITS];
  const culprit = settings.find(({ file, forbids }) => {
    const value = read(file);
    return value !== undefined && forbids(value);
  });
  const shown = detail.trim();
  if (culprit && /permi|no space|not permitted|denied/i.test(shown))
    return new Fault('machine', `Cannot make a lab: ${culprit.message} ("${shown}")`, {
      help: culprit.help,
    });
  return new Fault(
    'machine',
    `Cannot make a lab: the holder of its namespaces ended before the agent spoke: "${shown}"`,
    { help: helpFor(shown) },
  );
}

function helpFor(detail: string): string {
  if (detail.includes('mount /proc failed'))
    return 'In a container, start it with "--security-opt systempaths=unconfined" or "--privileged"';
  if (/operation not permitted|permission denied/i.test(detail))
    return 'In a container, start it with "--privileged"; elsewhere run runner with sudo';
  if (/no space left/i.test(detail))
    return 'Too many namespaces: run "runner destroy --all", or raise user.max_net_namespaces';
  return 'Run "runner doctor": it tries each thing that a lab needs';
}

/** The number in a /proc/sys file; undefined where the kernel has no such setting. */
function readSetting(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'latin1'));
  } catch {
    return undefined;
  }
}
