// `user@host:port` as ssh(1) takes it.
import { type Result, fail, ok } from '../../base/result.ts';
import type { SshHop } from '../../model/machine.ts';

/** `user@host`, `host:port`, `[v6]:port`, a bare IPv6 address, or `ssh://user@host:port`. The fault says what is wrong. */
export function parseHop(text: string): Result<SshHop, string> {
  const bare = text.replace(/^ssh:\/\//, '').replace(/\/$/, '');
  const at = bare.lastIndexOf('@');
  const user = at < 0 ? null : bare.slice(0, at);
  if (user !== null && !isUser(user)) return fail(`Expected a user before "@", found "${text}"`);
  const { host, port } = splitPort(at < 0 ? bare : bare.slice(at + 1));
  if (!isHost(host))
    return fail(`Expected a name, an address or an alias of a machine, found "${text}"`);
  if (port === null) return ok({ host, port, user });
  const number = parsePort(port);
  return number === undefined
    ? fail(`Expected a port from 1 to 65535 behind the last colon, found "${text}"`)
    : ok({ host, port: number, user });
}

/** Several hops between commas, as `ssh -J` takes them; none for the word `none`. */
export function parseHops(text: string): Result<readonly SshHop[], string> {
  if (text.trim() === 'none') return ok([]);
  const hops: SshHop[] = [];
  for (const part of text.split(',')) {
    const hop = parseHop(part.trim());
    if (!hop.ok) return hop;
    hops.push(hop.value);
  }
  return ok(hops);
}

/** A port's digits as a number, or undefined when they are none. */
export function parsePort(text: string): number | undefined {
  const port = Number(text);
  return /^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535 ? port : undefined;
}

/** No word that ssh would take for an option, and nothing that a shell or ssh_config(5) reads as more than a name. */
export const isHost = (text: string): boolean =>
  /^[^\s\p{C}@/'"`$\\;&|<>(){}-][^\s\p{C}@/'"`$\\;&|<>(){}]*$/u.test(text);

/** Control and format characters, which a terminal would obey or hide, are in no name. */
export const isUser = (text: string): boolean =>
  /^[^\s\p{C}'"`$;&|<>(){}-][^\s\p{C}'"`$;&|<>(){}]*$/u.test(text);

function splitPort(text: string): { readonly host: string; readonly port: string | null } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed !== null) return { host: bracketed[1] ?? '', port: bracketed[2] ?? null };
  const colon = text.indexOf(':');
  // More than one colon: an IPv6 address without a port.
  if (colon < 0 || colon !== text.lastIndexOf(':')) return { host: text, port: null };
  return { host: text.slice(0, colon), port: text.slice(colon + 1) };
}
