/** A stream of numbers that its seed decides: same seed, same stream, on every machine. */
export interface Random {
  /** The next number in [0, 1). */
  next(): number;
  /** A whole number in [0, below). */
  below(limit: number): number;
  /** `size` pseudo-random bytes. */
  bytes(size: number): Uint8Array;
  /** A stream of its own, decided by this seed and `name`; drawing from one does not move the other. */
  fork(name: string): Random;
}

/** sfc32 (Chris Doty-Humphrey, PractRand), seeded from a number and a path of names by FNV-1a. */
export function seededRandom(seed: number, name = ''): Random {
  let a = fnv1a(`a${seed}/${name}`);
  let b = fnv1a(`b${seed}/${name}`);
  let c = fnv1a(`c${seed}/${name}`);
  let counter = 1;
  const word = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) word();
  const next = (): number => word() / 0x1_0000_0000;
  return {
    next,
    below: (limit) => Math.floor(next() * limit),
    bytes: (size) => {
      const bytes = new Uint8Array(size);
      for (let at = 0; at < size; at += 1) bytes[at] = word();
      return bytes;
    },
    fork: (child) => seededRandom(seed, `${name}/${child}`),
  };
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash | 0;
}
