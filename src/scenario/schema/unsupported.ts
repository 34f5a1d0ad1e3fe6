// Keys of the scenario format that this version does not do yet, by the schema definition they belong to.
const LATER: Readonly<Record<string, readonly string[]>> = {
  '': ['sweep'],
  serve: ['tcp', 'udp', 'files'],
  expectation: ['signer', 'verdict', 'place', 'timing'],
};

const INSTEAD: Readonly<Record<string, string>> = {
  'serve tcp': 'Use "echo: { tcp: 7 }" for a server that sends back what it gets, or a "script"',
  'serve udp': 'Use "echo: { udp: 7 }" for a server that sends back what it gets, or a "script"',
};

/** Help for a key that a later version will know, or undefined when none will. */
export function unsupported(
  definition: string,
  key: string,
): { readonly help?: string } | undefined {
  if (!(LATER[definition] ?? []).includes(key)) return undefined;
  const help = INSTEAD[`${definition} ${key}`];
  return help === undefined ? {} : { help };
}
