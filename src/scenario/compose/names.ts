// Names as a scenario has them: host labels (RFC 1123) for services, networks and volumes.

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const MOST = 63;

/** Maps names to labels, no two to the same one; a name that is a label already stays as it is. */
export function labelsFor(
  names: readonly string[],
  otherwise: string,
  reserved: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, string> {
  const isKept = (name: string): boolean => LABEL.test(name) && !reserved.has(name);
  const taken = new Set([...reserved, ...names.filter(isKept)]);
  const labels = new Map<string, string>();
  for (const name of names) {
    if (isKept(name)) labels.set(name, name);
    else {
      const label = freeName(asLabel(name) || otherwise, taken);
      taken.add(label);
      labels.set(name, label);
    }
  }
  return labels;
}

/** `My_App` → `my-app`; empty when no letter or digit is left. */
export const asLabel = (name: string): string =>
  trimHyphens(trimHyphens(name.toLowerCase().replace(/[^a-z0-9]+/g, '-')).slice(0, MOST));

/** `name`, or `name-2`, `name-3`, … when it is taken. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) {
    const candidate = numbered(name, number);
    if (!taken.has(candidate)) return candidate;
  }
}

/** `web-3`, shortened where it would be too long for a label. */
export function numbered(name: string, number: number): string {
  const suffix = `-${number}`;
  return `${trimHyphens(name.slice(0, MOST - suffix.length))}${suffix}`;
}

const trimHyphens = (text: string): string => text.replace(/^-+|-+$/g, '');
