import type { Random } from '../../../base/random.ts';

/** A whole number in [0, below), of any width. */
export function randomBelow(random: Random, below: bigint): bigint {
  if (below <= 0x1_0000_0000n) return BigInt(random.below(Number(below)));
  // Sixteen bytes for at most 64 bits: what the remainder favours is below any count of draws.
  return random.bytes(16).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) % below;
}

/** Different whole numbers in [0, below), as many as there are of them at most. */
export function distinctBelow(random: Random, below: number, count: number): ReadonlySet<number> {
  const drawn = new Set<number>();
  for (let left = Math.min(count, below); left > 0; left -= 1) {
    let number = random.below(below);
    while (drawn.has(number)) number = (number + 1) % below;
    drawn.add(number);
  }
  return drawn;
}
