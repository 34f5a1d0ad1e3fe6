// The percent tokens of ssh_config(5), section TOKENS, and its environment variables.

export interface SshEnvironment {
  readonly home: string;
  /** Who runs runner. */
  readonly user: string;
  readonly hostname: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

export interface TokenValues {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The host as it was written. */
  readonly original: string;
  readonly hostKeyAlias: string | null;
}

/** A value with its tokens and `${VARIABLES}` filled in; what is unknown stays as it is written. */
export function expandTokens(value: string, of: TokenValues, environment: SshEnvironment): string {
  const tokens: Readonly<Record<string, string>> = {
    '%': '%',
    d: environment.home,
    h: of.host,
    j: '',
    k: of.hostKeyAlias ?? of.original,
    L: environment.hostname.replace(/\..*/, ''),
    l: environment.hostname,
    n: of.original,
    p: String(of.port),
    r: of.user,
    u: environment.user,
  };
  return value
    .replaceAll(/\$\{(\w+)\}/g, (all, name: string) => environment.variables[name] ?? all)
    .replaceAll(/%(.)/g, (all, token: string) => tokens[token] ?? all);
}
