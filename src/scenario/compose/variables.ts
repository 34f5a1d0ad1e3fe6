// Which variables a compose file sees: the environment of the runner first, then its environment files.
import { isSecretName } from './secrets.ts';

export interface Variables {
  readonly lookUp: (name: string) => string | undefined;
  /** Whether the environment itself has the variable, rather than a file. */
  readonly isFromEnvironment: (name: string) => boolean;
  /**
   * The variables that others had better not read among those that the value of this one is made of, itself included: all of
   * the environment, and those of files that are called like secrets.
   */
  readonly sensitiveIn: (name: string) => readonly string[];
}

/** Variables that are named of one value; one that is made of more is no less sensitive. */
const MOST_NAMED = 16;

export const environmentVariables = (
  environment: Readonly<Record<string, string | undefined>>,
): Variables => {
  const own = (name: string): string | undefined =>
    Object.hasOwn(environment, name) ? environment[name] : undefined;
  return {
    lookUp: own,
    isFromEnvironment: (name) => own(name) !== undefined,
    sensitiveIn: (name) => (own(name) !== undefined || isSecretName(name) ? [name] : []),
  };
};

/** With the variables of a file behind those of `outer`; `sensitive` are those that each value there is made of. */
export const withFile = (
  outer: Variables,
  file: ReadonlyMap<string, string | undefined>,
  sensitive: ReadonlyMap<string, readonly string[]>,
): Variables => ({
  ...outer,
  lookUp: (name) => outer.lookUp(name) ?? file.get(name),
  sensitiveIn: (name) =>
    outer.lookUp(name) === undefined
      ? severally([...outer.sensitiveIn(name), ...(sensitive.get(name) ?? [])])
      : outer.sensitiveIn(name),
});

/** Each once. */
export const severally = (names: readonly string[]): readonly string[] =>
  names.length < 2 ? names : [...new Set(names)].slice(0, MOST_NAMED);
