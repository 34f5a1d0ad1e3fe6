// The two ends of the connection: those of the script, where the command line says nothing.
import { formatIp, parseIp } from '../../base/addresses.ts';
import { Fault } from '../../base/fault.ts';
import type { ScriptChannel, ScriptEndpoint, ScriptTransport } from '../../model/script.ts';
import type { Input } from '../verb.ts';

/** The options of one end. */
interface EndOptions {
  readonly address: 'src' | 'dst';
  readonly port: 'sport' | 'dport';
  /** Whether port 0 lets the kernel choose. */
  readonly mayChoose: boolean;
}

/** `--src` and `--sport` are of the party that is played, whichever side it is. */
export function readEnds(
  input: Input,
  channel: ScriptChannel,
  own: string,
  transport: ScriptTransport,
): ScriptChannel {
  const isFirst = channel.from === own;
  // Whoever listens takes any port of its peer's for 0; raw packets go to a port that is known.
  const mayChoose = !transport.startsWith('raw-');
  const near: EndOptions = { address: 'src', port: 'sport', mayChoose: isFirst && mayChoose };
  const far: EndOptions = { address: 'dst', port: 'dport', mayChoose: !isFirst && mayChoose };
  if (transport === 'unix') {
    refuseEnds(input);
    return channel;
  }
  const [source, destination] = isFirst ? [near, far] : [far, near];
  const ends = {
    source: readEnd(input, source, channel.source),
    destination: readEnd(input, destination, channel.destination),
  };
  if (isV6(ends.source) !== isV6(ends.destination))
    throw new Fault(
      'usage',
      `The ends are of two families: ${ends.source.address} and ${ends.destination.address}`,
      { help: 'Give both: --src and --dst' },
    );
  return { ...channel, ...ends };
}

const isV6 = ({ address }: ScriptEndpoint): boolean => address.includes(':');

function refuseEnds(input: Input): void {
  const given = ['src', 'dst', 'sport', 'dport'].find((name) => input.text(name) !== undefined);
  if (given !== undefined)
    throw new Fault('usage', `${input.origin(given)} means nothing with transport unix`, {
      help: 'Name the socket file: --socket PATH',
    });
}

function readEnd(input: Input, options: EndOptions, known: ScriptEndpoint): ScriptEndpoint {
  const address = input.text(options.address);
  const port = input.text(options.port);
  return {
    address: address === undefined ? known.address : readAddress(address, input, options),
    port: port === undefined ? known.port : readPort(port, input, options),
  };
}

function readAddress(text: string, input: Input, { address }: EndOptions): string {
  const parsed = parseIp(text);
  if (!parsed.ok)
    throw new Fault('usage', `${input.origin(address)}: ${parsed.error}`, {
      help: `Write one such as 192.0.2.1 or 2001:db8::1; "getent ahosts NAME" finds that of a name`,
    });
  return formatIp(parsed.value);
}

function readPort(text: string, input: Input, { port, mayChoose }: EndOptions): number {
  const value = Number(text);
  const least = mayChoose ? 0 : 1;
  if (!/^\d{1,5}$/.test(text) || value < least || value > 65_535)
    throw new Fault(
      'usage',
      `Expected a port from ${least} to 65535 in ${input.origin(port)}, found ${JSON.stringify(text)}`,
    );
  return value;
}
