import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Target } from '../../../model/traffic.ts';
import type { Measurement } from '../measurement.ts';

/**
 * Connects, notes the five-tuple and the time. The address is never a name: Node resolves names in threads of the
 * process's own namespace.
 */
export function connectTcp(target: Target, measurement: Measurement): Promise<Socket> {
  measurement.operation = 'connect';
  const { address: host, port } = target;
  const socket = connect({ host, port, autoSelectFamily: false, noDelay: true });
  measurement.onFailure(() => {
    // A connection that has done its part and is closing already is left to close in peace.
    if (!socket.writableEnded) socket.destroy();
  });
  // Node calls connect(2) on the next tick. From then on the kernel knows address and port, answered or not; before that
  // Node would keep the unbound ones for good.
  process.nextTick(() => noteFiveTuple(socket, target, measurement));
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => {
      measurement.mark('connect');
      socket.off('error', reject);
      // Whoever uses the connection listens too; this one keeps an error in between from ending the thread.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

function noteFiveTuple(socket: Socket, target: Target, { findings }: Measurement): void {
  const { localAddress, localPort } = socket;
  // A connect(2) that failed at once, as without a route, has sent nothing and has no port.
  if (localAddress === undefined || localPort === undefined || localPort === 0) return;
  findings.fiveTuple = {
    protocol: 'tcp',
    source: localAddress,
    sourcePort: localPort,
    destination: target.address,
    destinationPort: target.port,
  };
}
