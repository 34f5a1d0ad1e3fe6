import { expect } from 'chai';
import { explainRefusal } from '../../../../src/lab/machine/refusal.ts';

const EPERM = 'unshare: unshare failed: Operation not permitted';
const UID_MAP = 'unshare: write failed /proc/self/uid_map: Operation not permitted';
const ENOSPC = 'unshare: unshare failed: No space left on device';

describe('explainRefusal()', () => {
  for (const [title, said, isPrivileged, settings, message, help] of [
    [
      'AppArmor',
      UID_MAP,
      false,
      { 'kernel/apparmor_restrict_unprivileged_userns': 1 },
      'kernel.apparmor_restrict_unprivileged_userns is 1',
      'Run "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0", or run runner with sudo',
    ],
    [
      'no user namespaces',
      ENOSPC,
      false,
      { 'user/max_user_namespaces': 0 },
      'user.max_user_namespaces is 0',
      'Run "sudo sysctl -w user.max_user_namespaces=65536", or run runner with sudo',
    ],
    [
      'none for ordinary users',
      EPERM,
      false,
      { 'kernel/unprivileged_userns_clone': 0 },
      'kernel.unprivileged_userns_clone is 0',
      'Run "sudo sysctl -w kernel.unprivileged_userns_clone=1", or run runner with sudo',
    ],
    [
      'no network namespaces, even for root',
      ENOSPC,
      true,
      { 'user/max_net_namespaces': 0, 'user/max_user_namespaces': 0 },
      'user.max_net_namespaces is 0',
      'Run "sudo sysctl -w user.max_net_namespaces=65536"',
    ],
    [
      'a seccomp filter, as in a container',
      EPERM,
      false,
      {},
      'Operation not permitted',
      'In a container, start it with "--privileged"; elsewhere run runner with sudo',
    ],
    [
      'a covered /proc',
      'unshare: mount /proc failed: Operation not permitted',
      false,
      {},
      'mount /proc failed',
      'In a container, start it with "--security-opt systempaths=unconfined" or "--privileged"',
    ],
    [
      'a missing tool',
      'spawn setpriv ENOENT',
      false,
      {},
      '"setpriv" is not installed',
      'Run "sudo apt-get install util-linux"',
    ],
    [
      'anything else',
      'Error: Cannot find module',
      false,
      { 'user/max_user_namespaces': 0 },
      'Error: Cannot find module',
      'Run "runner doctor": it tries each thing that a lab needs',
    ],
  ] as const)
    it(`recognises ${title}`, () => {
      const values: Readonly<Record<string, number>> = settings;
      const fault = explainRefusal(
        said,
        isPrivileged,
        (file) => values[file.slice('/proc/sys/'.length)],
      );
      expect(fault.kind).to.equal('machine');
      expect(fault.message).to.contain(message);
      expect(fault.help).to.equal(help);
    });
});
