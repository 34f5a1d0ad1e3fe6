/** capabilities(7), as of Linux 5.9 and later; ALL is the engines' word for the whole of them. */
export const CAPABILITIES: ReadonlySet<string> = new Set(
  [
    'ALL AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE',
    'DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD',
    'NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYSLOG SYS_ADMIN',
    'SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME',
    'SYS_TTY_CONFIG WAKE_ALARM',
  ].flatMap((line) => line.split(' ')),
);

/** Any way to write them as one: in capitals, without the prefix. */
export const capabilityName = (text: string): string => text.toUpperCase().replace(/^CAP_/, '');
