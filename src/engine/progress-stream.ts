// The engine's answer to a pull or a build: lines of JSON until it is done, and its failure is one of them.
import { StringDecoder } from 'node:string_decoder';
import { member } from '../base/member.ts';
import { failWhenSilent } from './fail-when-silent.ts';
import { splitLines } from './json-lines.ts';

/** Settles at its end with the failure that it tells of, if it does. */
export async function readProgress(
  stream: NodeJS.ReadableStream,
  silenceMs: number,
  what: string,
  onLine: (line: unknown) => void,
): Promise<string | undefined> {
  let failure: string | undefined;
  const feed = splitLines((line) => {
    const told = member(member(line, 'errorDetail'), 'message') ?? member(line, 'error');
    if (typeof told === 'string') failure = told;
    else onLine(line);
  });
  const decoder = new StringDecoder('utf8');
  for await (const chunk of failWhenSilent(stream, silenceMs, what))
    feed(decoder.write(Buffer.from(chunk as Uint8Array)));
  feed(`${decoder.end()}\n`);
  return failure;
}
