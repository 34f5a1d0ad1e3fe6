// Where bytes lie in others.

/** Where `sought` lies first, all of it from `start` on and before `end`; -1: nowhere. Nothing behind `end` is looked at. */
export function findBytes(
  memory: Uint8Array,
  sought: Uint8Array,
  start: number,
  end: number,
): number {
  const [first] = sought;
  if (first === undefined) return start;
  const room = memory.subarray(start, end);
  const last = room.length - sought.length;
  for (let at = room.indexOf(first); at >= 0 && at <= last; at = room.indexOf(first, at + 1))
    if (holdsAt(room, sought, at)) return start + at;
  return -1;
}

/** Whether `sought` lies at this place. */
export function holdsAt(memory: Uint8Array, sought: Uint8Array, at: number): boolean {
  for (let index = 0; index < sought.length; index += 1)
    if (memory[at + index] !== sought[index]) return false;
  return true;
}
