import type { Context } from '../context.ts';
import { capabilityName } from '../resolve/container/spec.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** capabilities(7), as of Linux 5.9 and later; ALL is the engines' word for the whole of them. */
const CAPABILITIES = [
  'ALL AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE',
  'DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD',
  'NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYSLOG SYS_ADMIN',
  'SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME',
  'SYS_TTY_CONFIG WAKE_ALARM',
].flatMap((line) => line.split(' '));
const KNOWN = new Set(CAPABILITIES);

/** Capabilities are ones that Linux has. */
export const capabilities: Rule = (context) => {
  for (const { path, container } of context.nodes.values()) {
    const { capabilities: written = [] } = container ?? {};
    const at = [...path, 'capabilities'];
    if (Array.isArray(written)) checkNames(context, written, at);
    else {
      checkNames(context, written.add, [...at, 'add']);
      checkNames(context, written.drop, [...at, 'drop']);
    }
  }
};

function checkNames(context: Context, names: readonly string[] = [], path: Path): void {
  for (const [index, text] of names.entries()) {
    const name = capabilityName(text);
    if (!KNOWN.has(name))
      context.report('S122', [...path, index], `There is no capability "${text}"`, {
        help:
          context.suggest(name, KNOWN) ??
          'capabilities(7) has the list: NET_ADMIN, NET_RAW, SYS_PTRACE, …',
      });
  }
}
