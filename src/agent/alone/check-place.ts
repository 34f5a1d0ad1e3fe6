// Whether the machine lets a party have its address and port, asked before the first play.
import { createServer } from 'node:net';
import type { ScriptEndpoint, ScriptSpec } from '../../model/script.ts';
import { closeDatagrams } from '../endpoint/close-datagrams.ts';
import { bindDatagrams } from '../endpoint/script/datagram-channel.ts';
import { ownEnd, placeFault } from './place-fault.ts';
import { isListening } from './play-again.ts';

/** Throws a machine fault when it does not. */
export async function checkPlace(spec: ScriptSpec): Promise<void> {
  if (spec.transport === 'unix') return;
  const { address, port } = ownEnd(spec);
  try {
    if (spec.transport === 'tcp' || spec.transport === 'tls')
      // Its own port is asked for when it opens it: a peer that is already there would connect to what listens for a moment.
      await listenOnce({ address, port: isListening(spec) ? 0 : port });
    // The kernel has no part in the ports of raw packets.
    else
      closeDatagrams(await bindDatagrams({ address, port: spec.transport === 'udp' ? port : 0 }));
  } catch (error) {
    throw placeFault(error, spec, null) ?? error;
  }
}

/** Unlike a connection, it is not hindered by one before that is in TIME-WAIT. */
function listenOnce({ address, port }: ScriptEndpoint): Promise<void> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve()));
  });
}
