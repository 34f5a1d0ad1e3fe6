import { sha256 } from '../../base/hash.ts';
import type { MemberDraft } from './members.ts';

/** The kernel's IFNAMSIZ without the final zero. */
const LONGEST = 15;

/** A name and a MAC for each member, unique in the lab; `taken` is filled with the names. */
export function nameInterfaces(
  drafts: readonly MemberDraft[],
  taken: Set<string>,
): readonly { readonly name: string; readonly mac: string }[] {
  for (const { name } of drafts) if (name !== undefined) taken.add(name);
  const macs = new Set(drafts.flatMap(({ mac }) => mac ?? []));
  let counter = 0;
  const nextMac = (): string => {
    for (;;) {
      counter += 1;
      const mac = macOf(counter);
      if (!macs.has(mac)) return mac;
    }
  };
  return drafts.map((draft) => ({
    name: draft.name ?? uniqueName(`${draft.node}-${draft.network}`, taken),
    mac: draft.mac ?? nextMac(),
  }));
}

/** `wished` if it fits and is free, else its beginning and four digits of its hash. */
export function uniqueName(wished: string, taken: Set<string>): string {
  let name = wished;
  for (let attempt = 0; name.length > LONGEST || taken.has(name); attempt += 1) {
    const digits = sha256(`${attempt}/${wished}`).slice(0, 4);
    name = `${wished.slice(0, LONGEST - 5).replace(/-$/, '')}-${digits}`;
  }
  taken.add(name);
  return name;
}

/** Locally administered, unicast (IEEE 802, the second-lowest bit of the first byte). */
const macOf = (number: number): string =>
  `02${
    (number + 2 ** 40)
      .toString(16)
      .slice(1)
      .match(/../g)
      ?.map((pair) => `:${pair}`)
      .join('') ?? ''
  }`;
