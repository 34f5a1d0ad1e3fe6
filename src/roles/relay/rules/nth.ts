import type { NthTest } from '../../../model/relay.ts';

/** Counted from 1. `every` begins with the message after `from`: of 3 from 0, the third is the first. */
export function compileNth(nth: NthTest): (count: number) => boolean {
  switch (nth.kind) {
    case 'at': {
      const numbers = new Set(nth.numbers);
      return (count) => numbers.has(count);
    }
    case 'every': {
      const { every, from } = nth;
      return (count) => count > from && (count - from) % every === 0;
    }
  }
}
