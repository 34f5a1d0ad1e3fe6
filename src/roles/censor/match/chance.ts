import { formatIp } from '../../../base/addresses.ts';
import { seededRandom } from '../../../base/random.ts';
import type { PacketView } from '../../../wire/packet.ts';
import type { CompiledRule } from './rule.ts';

const CAPACITY = 65_536;

/** What chance is asked about. */
type Drawn = Pick<CompiledRule, 'name' | 'probability'>;

/**
 * Decides by the seed whether a rule acts on a flow. What is drawn belongs to the rule, both addresses, the server's port and how many such
 * flows came before, not to the client's port: that one differs from run to run, and the same experiment must draw the same.
 */
export class Chance {
  readonly #seed: number;
  readonly #drawn = new Map<string, number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  draw(rule: Drawn, view: PacketView, isForward: boolean): boolean {
    if (rule.probability >= 1) return true;
    if (rule.probability <= 0) return false;
    const key = keyOf(rule, view, isForward);
    const ordinal = this.#drawn.get(key) ?? 0;
    if (ordinal === 0 && this.#drawn.size >= CAPACITY) this.#drawn.clear();
    this.#drawn.set(key, ordinal + 1);
    return seededRandom(this.#seed).fork(`${key} ${ordinal}`).next() < rule.probability;
  }
}

function keyOf(rule: Drawn, view: PacketView, isForward: boolean): string {
  const [client, server, port] = isForward
    ? [view.source, view.destination, view.destinationPort]
    : [view.destination, view.source, view.sourcePort];
  return `${rule.name} ${view.protocol} ${formatIp(client)} ${formatIp(server)} ${port}`;
}
