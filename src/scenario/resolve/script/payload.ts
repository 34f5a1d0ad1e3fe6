// What a script writes of bytes → payloads, with what is known of their sizes.
import { base64Length, encodeBase64 } from '../../../base/base64.ts';
import type { ScriptPayload } from '../../../model/scenario-file.ts';
import type { Payload, TemplatePart } from '../../../model/script.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import { quoted } from '../../text.ts';
import { bytes } from '../quantity.ts';
import { checkVariable } from './variables.ts';

export interface SizedPayload {
  readonly payload: Payload;
  /** Bytes; of a template those of its text alone. */
  readonly size: number;
  /** Whether that is all. */
  readonly exact: boolean;
}

/** Bytes of one payload: what a party holds in memory at once. */
const LARGEST = 16 * 1024 ** 2;

/** `name` is that of its stream of random bytes. Undefined, with a report, when it cannot be. */
export function resolvePayload(
  context: Context,
  written: ScriptPayload,
  path: Path,
  name: string,
  variables: ReadonlySet<string>,
): SizedPayload | undefined {
  const sized = payloadOf(context, written, path, name, variables);
  if (sized === undefined || sized.size <= LARGEST) return sized;
  context.report(
    'S153',
    typeof written === 'string' ? path : [...path, ...Object.keys(written)],
    `Expected a payload of at most 16 MiB, found ${sizeText(written, sized.size)}`,
    { help: 'Send less at once, and more often: loop: { times: 64, steps: [ … ] }' },
  );
  return undefined;
}

function payloadOf(
  context: Context,
  written: ScriptPayload,
  path: Path,
  name: string,
  variables: ReadonlySet<string>,
): SizedPayload | undefined {
  if (typeof written === 'string') return textPayload(written);
  if (written.text !== undefined) return textPayload(written.text);
  if (written.random !== undefined) {
    const size = bytes(written.random);
    return { payload: { kind: 'random', size, name }, size, exact: true };
  }
  if (written.template !== undefined)
    return templatePayload(context, written.template, [...path, 'template'], variables);
  if (written.hex !== undefined) return hexPayload(context, written.hex, [...path, 'hex']);
  if (written.base64 !== undefined)
    return base64Payload(context, written.base64, [...path, 'base64']);
  return filePayload(context, written.file ?? '', [...path, 'file']);
}

const textPayload = (text: string): SizedPayload => ({
  payload: { kind: 'text', text },
  size: new TextEncoder().encode(text).length,
  exact: true,
});

function bytesPayload(content: Uint8Array): SizedPayload {
  const base64 = encodeBase64(content);
  return { payload: { kind: 'base64', base64 }, size: content.length, exact: true };
}

function hexPayload(context: Context, text: string, path: Path): SizedPayload | undefined {
  const digits = text.replace(/^0x/i, '').replace(/[\s:]+/g, '');
  if (/^([0-9a-f]{2})*$/i.test(digits))
    return bytesPayload(
      Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
    );
  context.report('S153', path, `Expected pairs of hexadecimal digits, found ${quoted(text)}`, {
    help: /^[0-9a-f]*$/i.test(digits)
      ? 'A digit is missing: each byte has two'
      : 'Write "16 03 01"',
  });
  return undefined;
}

function base64Payload(context: Context, text: string, path: Path): SizedPayload | undefined {
  const size = base64Length(text);
  if (size !== undefined)
    return { payload: { kind: 'base64', base64: text.replace(/\s+/g, '') }, size, exact: true };
  context.report('S153', path, `Expected base64, found ${quoted(text)}`, {
    help: 'Letters, digits, "+" and "/", padded by "=" to a multiple of four (RFC 4648)',
  });
  return undefined;
}

function filePayload(context: Context, file: string, path: Path): SizedPayload | undefined {
  const content = context.readBytes(file, path);
  if (content.ok) return bytesPayload(content.value);
  context.report('S020', path, `Cannot read "${file}": ${content.error}`, {
    help: 'It is looked for beside the file that names it',
  });
  return undefined;
}

function templatePayload(
  context: Context,
  text: string,
  path: Path,
  variables: ReadonlySet<string>,
): SizedPayload | undefined {
  const parts: TemplatePart[] = [];
  const pieces = text.split(/\{\{([^{}]*)\}\}/);
  let isKnown = true;
  for (const [index, piece] of pieces.entries())
    if (index % 2 === 1) {
      const variable = piece.trim();
      isKnown = checkVariable(context, variable, path, variables) && isKnown;
      parts.push({ variable });
    } else if (piece !== '') parts.push({ text: piece });
  if (pieces.some((piece, index) => index % 2 === 0 && piece.includes('{{'))) {
    context.report('S153', path, `Expected "}}" after each "{{", found ${quoted(text)}`, {
      help: 'A variable is written {{name}}',
    });
    return undefined;
  }
  if (!isKnown) return undefined;
  const fixed = parts.map((part) => ('text' in part ? part.text : '')).join('');
  return {
    payload: { kind: 'template', parts },
    size: new TextEncoder().encode(fixed).length,
    exact: parts.every((part) => 'text' in part),
  };
}

const sizeText = (written: ScriptPayload, size: number): string =>
  typeof written === 'object' && written.random !== undefined
    ? `"${written.random}"`
    : `${(size / 1024 ** 2).toFixed(1)} MiB`;
