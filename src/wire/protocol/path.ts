// Paths of fields: `instructions[0].actions[*].port`, `match.eth_type`, `headers["X.Y"]`.
import { type Result, fail, ok } from '../../base/result.ts';

export type PathStep =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' };

/** Messages are not longer than this in any protocol that has lists. */
const MAX_INDEX = 0xffff;
const STEP = /\.?(?:\[(\d{1,9}|\*)\]|\["([^"]*)"\]|([^.[\]"]+))/y;

export function parsePath(path: string): Result<readonly PathStep[], string> {
  const steps: PathStep[] = [];
  STEP.lastIndex = 0;
  let at = 0;
  while (at < path.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(path);
    const startsWithDot = path.startsWith('.', at);
    const [, index, quoted, name] = match ?? [];
    if (match === null || startsWithDot !== (at > 0 && name !== undefined))
      return fail(`The path "${path}" cannot be read from ${JSON.stringify(path.slice(at))} on`);
    if (index === '*') steps.push({ kind: 'all' });
    else if (index !== undefined) {
      if (Number(index) > MAX_INDEX) return fail(`The path "${path}" has an index above 65535`);
      steps.push({ kind: 'index', index: Number(index) });
    } else steps.push({ kind: 'name', name: quoted ?? name ?? '' });
    at = STEP.lastIndex;
  }
  return steps.length === 0 ? fail('The path is empty') : ok(steps);
}

/** A name as a further step of a path. */
export function appendName(path: string, name: string): string {
  if (!/^[^.[\]"]+$/.test(name)) return `${path}["${name}"]`;
  return path === '' ? name : `${path}.${name}`;
}
