// A censor whose every table is full: more clients than flows are known, each of them redirected or blocked for long, and fragments.
import type { Censor } from '../../src/roles/censor/censor.ts';
import { createCensor } from '../../src/roles/censor/create-censor.ts';
import type { CensorAction } from '../../src/model/censor-action.ts';
import type { CensorRule, CensorSpec, Residual } from '../../src/model/censor.ts';
import { AS_TRIGGER, DEFAULT_RESET } from '../../src/model/censor-defaults.ts';
import { seededRandom } from '../../src/base/random.ts';
import { everyRule } from './every-rule.ts';

/** As many as each table holds. */
export const CAPACITY = 65_536;
const DAY = 86_400_000;
const LONG = { syn: DAY, established: DAY, closing: DAY, udp: DAY, other: DAY };

const block: Residual = {
  key: '4-tuple',
  for: { low: DAY, high: DAY },
  refresh: false,
  existing: false,
  actions: [{ kind: 'drop', direction: 'both', scope: 'packet', after: null }],
  probability: 0.9,
};

const reset: CensorAction = {
  ...DEFAULT_RESET,
  window: AS_TRIGGER,
  ipId: AS_TRIGGER,
  dropTrigger: false,
};

const rule = (
  name: string,
  match: CensorRule['match'],
  actions: readonly CensorAction[],
  residual?: Residual,
): CensorRule => ({
  name,
  match,
  actions,
  probability: 0.9,
  first: null,
  engageAfter: { low: 0, high: 0 },
  ...(residual && { residual }),
});

export const REDIRECTED = 'redirected';
export const BLOCKED = 'blocked';

export function crowdCensor(seed: number): Censor {
  const whole = everyRule(seededRandom(seed, 'crowd'));
  const spec: CensorSpec = {
    ...whole,
    state: {
      ...whole.state,
      createOn: ['SYN', 'SYN+ACK', 'data'],
      handshake: false,
      resyncOn: [],
      teardownOn: [],
      timeouts: LONG,
      capacity: CAPACITY,
      whenFull: 'evict',
    },
    reassembly: { ...whole.reassembly, tcp: true, ipFragment: true, quicCrypto: true },
    checks: {
      checksum: false,
      hops: 0,
      md5: false,
      ack: true,
      window: false,
      inOrder: false,
      timestamp: false,
    },
    rules: [
      rule(REDIRECTED, { all: [{ field: 'tcp.flags', set: ['SYN'], clear: ['ACK'] }] }, [
        { kind: 'redirect', to: ['10.0.0.200', 'fd00::200'], port: 8443 },
      ]),
      rule(
        BLOCKED,
        {
          all: [
            { field: 'payload.length', ranges: [[1, null]] },
            { field: 'flow.side', words: ['client'] },
          ],
        },
        [reset],
        block,
      ),
      rule('throttled', { all: [{ field: 'ip.length', ranges: [[20, null]] }] }, [
        {
          kind: 'throttle',
          mode: 'shape',
          rate: 1_000_000,
          burst: 3000,
          direction: 'both',
          per: 'flow',
        },
      ]),
      ...whole.rules.filter(({ match }) => JSON.stringify(match).includes('sni')),
    ],
  };
  return createCensor('crowd', spec, seed);
}
