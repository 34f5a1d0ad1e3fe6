// Entry of a thread of a mirror: moves into its node's network namespace and serves until it is told to stop.
import { parentPort, workerData } from 'node:worker_threads';
import { invariant, unreachable } from '../../base/invariant.ts';
import { enterNamespace } from '../../kernel/namespace.ts';
import { takeShortTurns } from '../../kernel/schedule.ts';
import { toAgentFault } from '../rpc.ts';
import { AssistantLoop } from './assistant/assistant-loop.ts';
import { OnlineLoop } from './online/online-loop.ts';
import { rehearse } from './online/rehearse.ts';
import type { MirrorOrder, MirrorReply } from './order.ts';
import { StreamLoop } from './stream/stream-loop.ts';

const port = parentPort;
invariant(port, 'A thread of a mirror is started by the agent');
const post = (reply: MirrorReply): void => port.postMessage(reply);
try {
  serve(workerData as MirrorOrder);
} catch (error) {
  post({ kind: 'fault', fault: toAgentFault(error) });
}

function serve({ namespaceFd, part, shared, event }: MirrorOrder): void {
  enterNamespace(namespaceFd);
  const outlet = { event, shared: new Int32Array(shared), post };
  switch (part.kind) {
    case 'online': {
      rehearse(part.plan);
      const loop = new OnlineLoop(part, outlet);
      takeShortTurns();
      post({ kind: 'ready' });
      loop.run();
      return;
    }
    case 'stream': {
      const loop = new StreamLoop(part, outlet);
      takeShortTurns();
      post({ kind: 'ready' });
      loop.run();
      return;
    }
    case 'assistant': {
      const loop = new AssistantLoop(part, outlet);
      takeShortTurns();
      // It is ready when the mirror hears it.
      loop.run();
      return;
    }
    default:
      unreachable(part, 'part of a mirror');
  }
}
