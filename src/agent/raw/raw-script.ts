import type { RawDefaults, RawTransport, ScriptSpec } from '../../model/script.ts';

/** A script whose packets are our own. */
export interface RawScript extends Pick<ScriptSpec, 'parties' | 'channels' | 'timeout'> {
  readonly transport: RawTransport;
  readonly raw: RawDefaults;
}

/** Where a script says nothing of its stack. */
const DEFAULTS: RawDefaults = { ack: 'delayed', retransmit: true, mss: 1220 };

/** Undefined for a script over sockets. */
export function toRawScript(spec: ScriptSpec): RawScript | undefined {
  const { parties, channels, timeout, transport, raw = DEFAULTS } = spec;
  switch (transport) {
    case 'raw-tcp':
    case 'raw-udp':
    case 'raw-ip':
      return { parties, channels, timeout, transport, raw };
    case 'tcp':
    case 'udp':
    case 'tls':
    case 'unix':
      return undefined;
  }
}
