// Which variables a compose file sees: the environment of the runner first, then its environment files.

export interface Variables {
  readonly lookUp: (name: string) => string | undefined;
  /** Whether the environment itself has the variable, rather than a file. */
  readonly isFromEnvironment: (name: string) => boolean;
}

export const environmentVariables = (
  environment: Readonly<Record<string, string | undefined>>,
): Variables => {
  const own = (name: string): string | undefined =>
    Object.hasOwn(environment, name) ? environment[name] : undefined;
  return { lookUp: own, isFromEnvironment: (name) => own(name) !== undefined };
};

/** With the variables of a file behind those of `outer`. */
export const withFile = (
  outer: Variables,
  file: ReadonlyMap<string, string | undefined>,
): Variables => ({
  ...outer,
  lookUp: (name) => outer.lookUp(name) ?? file.get(name),
});
