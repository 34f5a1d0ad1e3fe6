// What becomes of fragments: they are judged once their datagram is whole, or, where nobody puts them together, as their first was.
import type { Disposition, Effects } from '../../model/middlebox.ts';
import type { PacketView } from '../../wire/packet.ts';
import type { CensorParts } from './censor-parts.ts';
import { HeldFragments } from './held-fragments.ts';
import { Defragmenter } from './state/defragmenter.ts';
import { FragmentTable } from './state/fragment-table.ts';
import type { PacketChecks } from './state/packet-checks.ts';
import type { Tally } from './tally.ts';

/** Who judges the packet in the view. */
export interface WholeJudge {
  /** One that is no later fragment. */
  whole(now: number, effects: Effects): Disposition;
  /** One that cannot be parsed. */
  unparsable(effects: Effects): Disposition;
}

export class FragmentJudge {
  readonly #view: PacketView;
  readonly #tally: Tally;
  readonly #isInPath: boolean;
  readonly #checks: PacketChecks | null;
  readonly #judge: WholeJudge;
  readonly #firsts = new FragmentTable();
  /** Null where fragments are not put together. */
  readonly #defragmenter: Defragmenter | null;

  constructor(
    { view, tally, position, spec: { reassembly } }: CensorParts,
    checks: PacketChecks | null,
    judge: WholeJudge,
  ) {
    this.#view = view;
    this.#tally = tally;
    this.#isInPath = position === 'in-path';
    this.#checks = checks;
    this.#judge = judge;
    this.#defragmenter = reassembly.ipFragment ? new Defragmenter(reassembly) : null;
  }

  /** Datagrams that were given up. */
  get broken(): number {
    return this.#defragmenter?.broken ?? 0;
  }

  /** Judges the fragment in the view. */
  judge(now: number, effects: Effects): Disposition {
    return this.#defragmenter === null
      ? this.#judgeAlone(now, effects)
      : this.#gather(this.#defragmenter, now, effects);
  }

  #judgeAlone(now: number, effects: Effects): Disposition {
    const view = this.#view;
    if (view.fragmentOffset === 0) {
      const disposition = this.#judge.whole(now, effects);
      this.#firsts.remember(view, disposition, now);
      return disposition;
    }
    const fate = this.#firsts.recall(view, now);
    if (fate === null) this.#tally.orphanFragments += 1;
    // A first fragment that is held back for its rate leaves later ones free: they cannot be read before it arrives.
    return fate === 'drop' ? 'drop' : 'pass';
  }

  /** In-path its fragments are held until a datagram is whole; on-path they have long gone on. */
  #gather(defragmenter: Defragmenter, now: number, effects: Effects): Disposition {
    const view = this.#view;
    if (this.#checks?.hasWrongIpChecksum(view) === true) {
      this.#tally.ignored.checksum += 1;
      return 'pass';
    }
    const datagram = defragmenter.add(view, now);
    if (datagram === 'broken') return this.#isInPath ? 'drop' : 'pass';
    if (datagram === 'waiting') return this.#isInPath ? 'taken' : 'pass';
    const { packet } = datagram;
    const held = new HeldFragments(datagram, effects);
    const whole = this.#isInPath ? held : effects;
    const disposition = view.load(packet, 0, packet.length)
      ? this.#judge.whole(now, whole)
      : this.#judge.unparsable(whole);
    return this.#isInPath ? held.release(disposition, now) : disposition;
  }
}
