import type { Random } from '../../../base/random.ts';
import type { FaultKind } from '../../../model/relay.ts';
import { bandwidth } from './bandwidth.ts';
import { latency } from './latency.ts';
import { limitData } from './limit-data.ts';
import type { FaultBehaviour } from './pipe.ts';
import { resetPeer } from './reset-peer.ts';
import { slicer } from './slicer.ts';
import { slowClose } from './slow-close.ts';
import { timeout } from './timeout.ts';

export function faultBehaviour(fault: FaultKind, random: Random): FaultBehaviour {
  switch (fault.kind) {
    case 'latency':
      return latency(fault, random);
    case 'bandwidth':
      return bandwidth(fault);
    case 'slow-close':
      return slowClose(fault);
    case 'timeout':
      return timeout(fault);
    case 'reset-peer':
      return resetPeer(fault);
    case 'slicer':
      return slicer(fault, random);
    case 'limit-data':
      return limitData(fault);
  }
}
