// Text → Tree. Refuses what YAML allows and a scenario never needs: huge, deep and self-multiplying documents, merge
// keys, keys that are no text, several documents, tags of one's own.
import {
  type CST,
  Composer,
  type Document,
  Lexer,
  Parser,
  type SchemaOptions,
  isMap,
  isScalar,
} from 'yaml';
import type { Faults } from '../faults.ts';
import { LIMITS } from './limits.ts';
import { Positions } from './positions.ts';
import { reportSyntax } from './syntax-faults.ts';
import { TreeBuilder } from './tree-builder.ts';
import type { MapTree, Tree } from './tree.ts';

/** What a kind of file may hold beyond what a scenario may, and how faults call it. */
export interface Dialect {
  /** `a scenario`. */
  readonly noun: string;
  /** What stands at the top of such a file: `"version" and "hosts"`. */
  readonly topKeys: string;
  /** Whether `<<` merges maps, and keys that are numbers or truth values stand for their text. */
  readonly mergeKeys: boolean;
  readonly tags: NonNullable<SchemaOptions['customTags']> & readonly unknown[];
}

const SCENARIO: Dialect = {
  noun: 'a scenario',
  topKeys: '"version" and "hosts"',
  mergeKeys: false,
  tags: [],
};

/** The document's top-level map, or undefined when a fault makes it useless. */
export function readYaml(
  file: string,
  text: string,
  faults: Faults,
  dialect: Dialect = SCENARIO,
): MapTree | undefined {
  const root = readDocument(file, text, faults, dialect);
  if (root === undefined || root.kind === 'map') return root;
  faults.add('S042', root.span, `Expected a map of keys such as ${dialect.topKeys} at the top`);
  return undefined;
}

/** The document, whatever is at its top, or undefined when a fault makes it useless. */
export function readDocument(
  file: string,
  text: string,
  faults: Faults,
  dialect: Dialect,
): Tree | undefined {
  const start = { file, line: 1, column: 1, length: 1 };
  const bytes = byteLength(text);
  if (bytes > LIMITS.fileBytes) {
    faults.add(
      'S001',
      start,
      `The file is too large: expected at most ${LIMITS.fileBytes} bytes, found ${bytes}`,
      { help: 'Move long texts into files of their own and split the scenario with "include"' },
    );
    return undefined;
  }
  const positions = new Positions(file, text);
  if (hasForbiddenCharacter(text, positions, faults)) return undefined;
  const tokens = tokenize(text, positions, faults);
  if (tokens === undefined) return undefined;
  const [document, second] = compose(tokens, dialect);
  if (document === undefined || isEmpty(document)) {
    faults.add('S012', start, `The file is empty: expected ${dialect.noun}`, {
      help: dialect === SCENARIO ? 'Run "runner init" for a scenario to start from' : undefined,
    });
    return undefined;
  }
  if (second !== undefined) {
    const [at] = second.range;
    faults.add('S007', positions.span(at, at + 1), 'Expected one document, found a second one', {
      help: 'Remove the "---" between them, or put the second into a file of its own',
    });
    return undefined;
  }
  if (reportSyntax(document, positions, faults)) return undefined;
  return new TreeBuilder(positions, faults, dialect.mergeKeys).build(document.contents);
}

/** Tokens of the concrete syntax, or undefined when they nest too deeply to go on. */
function tokenize(text: string, positions: Positions, faults: Faults): CST.Token[] | undefined {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    // A document and a block map are on the stack before the first nesting.
    if (parser.stack.length <= LIMITS.depth + 2) continue;
    faults.add(
      'S008',
      positions.span(parser.offset, parser.offset + 1),
      `The file nests too deeply: expected at most ${LIMITS.depth} maps and lists within each other`,
    );
    return undefined;
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

/** At most two documents: that there is a second one is all that matters of it. */
function compose(tokens: readonly CST.Token[], { tags }: Dialect): Document.Parsed[] {
  // Duplicate keys are looked for while the tree is built: the library's own check takes quadratic time.
  const composer = new Composer({
    uniqueKeys: false,
    merge: false,
    prettyErrors: false,
    customTags: tags,
  });
  const documents: Document.Parsed[] = [];
  for (const document of composer.compose(tokens, true)) {
    documents.push(document);
    if (documents.length === 2) break;
  }
  return documents;
}

function isEmpty(document: Document.Parsed): boolean {
  if (document.errors.length > 0) return false;
  const contents = document.contents as unknown;
  if (isMap(contents)) return contents.items.length === 0;
  return contents === null || (isScalar(contents) && contents.value === null);
}

/** YAML is text: no control characters but tab and line ends, and nothing that was not UTF-8 (it shows as U+FFFD). */
function hasForbiddenCharacter(text: string, positions: Positions, faults: Faults): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what is sought
  const match = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFD\uFFFE\uFFFF]/.exec(text);
  if (match === null) return false;
  const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const what = code === 'FFFD' ? 'bytes that are not UTF-8' : `the control character U+${code}`;
  faults.add(
    'S011',
    positions.span(match.index, match.index + 1),
    `The file is no text: found ${what}`,
    { help: 'Save the file as UTF-8 text' },
  );
  return true;
}

/** Length in UTF-8, counted without an encoder: a pure folder has none. */
function byteLength(text: string): number {
  // A UTF-16 unit is at most three bytes; long texts need no exact count.
  if (text.length > LIMITS.fileBytes) return text.length;
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // Each half of a surrogate pair stands for two of its four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit & 0xf800) === 0xd800 ? 2 : 3;
  }
  return bytes;
}
