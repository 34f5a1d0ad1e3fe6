import type { Document, ErrorCode } from 'yaml';
import type { Faults } from '../faults.ts';
import type { Positions } from './positions.ts';

/** The library's error codes in our words; a code that is not here says what the library says. */
const WORDS: Readonly<Partial<Record<ErrorCode, readonly [string, string?]>>> = {
  BAD_ALIAS: ['The alias names no anchor', 'Write "&name" before the value that "*name" repeats'],
  BAD_DQ_ESCAPE: [
    'The double-quoted text has an escape that YAML does not know',
    'Use single quotes for text with backslashes',
  ],
  BAD_INDENT: [
    'The indentation does not fit the lines above',
    'Indent with the same number of spaces as the lines of the same map or list',
  ],
  BAD_SCALAR_START: ['A value cannot start with this character', 'Put the value in quotes'],
  BLOCK_AS_IMPLICIT_KEY: [
    'A map cannot start on the line of another key',
    'Put the value in quotes if it has a colon, or start the inner map on a line of its own',
  ],
  BLOCK_IN_FLOW: ['A block cannot stand within braces or brackets'],
  KEY_OVER_1024_CHARS: ['The key is too long: expected at most 1024 characters'],
  MULTILINE_IMPLICIT_KEY: [
    'A key must stand on one line',
    'Check for a missing ":" or a missing closing brace',
  ],
  RESOURCE_EXHAUSTION: ['The file nests too deeply'],
  TAB_AS_INDENT: ['A tab cannot indent', 'Indent with spaces'],
};

/** Reports what keeps the document from being read; true when something does. */
export function reportSyntax(
  document: Document.Parsed,
  positions: Positions,
  faults: Faults,
): boolean {
  const lines = new Set<number>();
  for (const error of [...document.errors, ...document.warnings]) {
    const [start, end] = error.pos;
    const span = positions.span(start, Math.max(end, start + 1));
    // One slip often makes the parser stumble several times on its line.
    if (lines.has(span.line)) continue;
    lines.add(span.line);
    const [message, help] = inOurWords(error);
    faults.add(error.code === 'TAG_RESOLVE_FAILED' ? 'S013' : 'S002', span, message, { help });
  }
  return lines.size > 0;
}

interface Fault {
  readonly code: ErrorCode;
  readonly message: string;
}

function inOurWords(error: Fault): readonly [string, string?] {
  if (error.code === 'TAG_RESOLVE_FAILED')
    return ['The tag has no meaning in a scenario', 'Remove the word that starts with "!"'];
  // "Flow map in block collection must be sufficiently indented": the line is at fault for what is missing above it.
  if (error.code === 'BAD_INDENT' && error.message.startsWith('Flow'))
    return [
      'A brace or bracket that is opened above is not closed before this line',
      'Close it with "}" or "]", or indent the line more than the key it belongs to',
    ];
  return WORDS[error.code] ?? [`Bad YAML: ${error.message}`];
}
