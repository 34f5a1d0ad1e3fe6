/** Whether `sought` lies anywhere in `bytes`; nothing lies everywhere. */
export function hasBytes(bytes: Uint8Array, sought: Uint8Array): boolean {
  const [first] = sought;
  if (first === undefined) return true;
  const last = bytes.length - sought.length;
  for (let at = bytes.indexOf(first); at >= 0 && at <= last; at = bytes.indexOf(first, at + 1))
    if (sought.every((byte, index) => bytes[at + index] === byte)) return true;
  return false;
}
