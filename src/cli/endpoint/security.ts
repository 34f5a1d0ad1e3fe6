// Whom a party of transport tls trusts, and what it shows.
import { Fault } from '../../base/fault.ts';
import type { AloneTls } from '../../model/alone.ts';
import type { ScriptTransport } from '../../model/script.ts';
import { readText } from '../read-text.ts';
import type { Input } from '../verb.ts';

/** Null for other transports. Throws a usage fault for options that mean nothing here. */
export function readSecurity(
  input: Input,
  transport: ScriptTransport,
  isListening: boolean,
): AloneTls | null {
  const isTls = transport === 'tls';
  if (!isTls) refuse(input, ['ca', 'cert', 'key'], `transport ${transport}`);
  else if (isListening) refuse(input, ['ca'], 'the party that listens');
  else refuse(input, ['cert', 'key'], 'the party that connects');
  if (!isTls) return null;
  const [ca, certificate, key] = ['ca', 'cert', 'key'].map((option) => pemOf(input, option));
  if ((certificate === undefined) !== (key === undefined))
    throw new Fault('usage', 'A certificate goes with its private key', {
      help: 'Give both --cert and --key, or neither: then the server makes them',
    });
  return {
    trust: ca ?? null,
    credentials: certificate !== undefined && key !== undefined ? { key, certificate } : null,
  };
}

function refuse(input: Input, options: readonly string[], what: string): void {
  const given = options.find((option) => input.text(option) !== undefined);
  if (given !== undefined)
    throw new Fault('usage', `${input.origin(given)} means nothing for ${what}`, {
      help: '--ca is for the connecting party of transport tls, --cert and --key for the listening one',
    });
}

function pemOf(input: Input, option: string): string | undefined {
  const file = input.text(option);
  if (file === undefined) return undefined;
  const text = readText(file);
  if (/^-----BEGIN [A-Z ]+-----$/m.test(text)) return text;
  throw new Fault('usage', `"${file}" of ${input.origin(option)} is not in PEM`, {
    help: 'PEM begins with "-----BEGIN": openssl x509 -inform der -in FILE',
  });
}
