import type { RawTransport, ScriptTransport } from './script.ts';

/** Whether the packets are ours, past the kernel's stack. */
export const isRaw = (transport: ScriptTransport): transport is RawTransport =>
  transport.startsWith('raw-');

/** Whether each send is a message of its own, and nobody tells of an end. */
export const isDatagram = (transport: ScriptTransport): boolean =>
  transport === 'udp' || transport === 'raw-udp' || transport === 'raw-ip';
