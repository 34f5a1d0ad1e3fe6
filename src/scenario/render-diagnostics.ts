// Diagnostics for people (in the manner of rustc), as data, and as SARIF 2.1.0 for code review tools.
import type { Diagnostic, Span } from '../base/diagnostic.ts';
import { CODES } from './codes.ts';
import { counted } from './text.ts';

/** How many are shown; the rest is counted. */
const SHOWN = 100;
/** Longer lines are cut around the place at fault. */
const WIDTH = 160;

export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  files: ReadonlyMap<string, string>,
  options: { readonly color: boolean },
): string {
  if (diagnostics.length === 0) return '';
  const paint = options.color ? painted : plain;
  const lines = new Lines(files);
  const blocks = diagnostics.slice(0, SHOWN).map((item) => renderOne(item, lines, paint));
  const hidden = diagnostics.length - blocks.length;
  const summary = [
    countOf(diagnostics, 'error'),
    countOf(diagnostics, 'warning'),
    hidden > 0 ? `${hidden} not shown` : '',
  ].filter(Boolean);
  return `${blocks.join('\n')}\n${summary.join(', ')}\n`;
}

export interface DiagnosticsJson {
  readonly diagnostics: readonly (Diagnostic & { readonly page: string })[];
  readonly errors: number;
  readonly warnings: number;
}

export function diagnosticsToJson(diagnostics: readonly Diagnostic[]): DiagnosticsJson {
  return {
    diagnostics: diagnostics.map((item) => ({ ...item, page: pageOf(item.code) })),
    errors: diagnostics.filter(({ severity }) => severity === 'error').length,
    warnings: diagnostics.filter(({ severity }) => severity === 'warning').length,
  };
}

/** SARIF 2.1.0 (OASIS), one run. `version` is the tool's. */
export function diagnosticsToSarif(diagnostics: readonly Diagnostic[], version = '0'): object {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'runner',
            version,
            rules: codes.map((code) => ({
              id: code,
              shortDescription: { text: CODES[code] ?? code },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map((item) => ({
          ruleId: item.code,
          level: item.severity,
          message: {
            text: item.help === undefined ? item.message : `${item.message}. ${item.help}`,
          },
          locations: [locationOf(item.span)],
          ...(item.related === undefined
            ? {}
            : {
                relatedLocations: item.related.map(({ message, span }, id) => ({
                  id,
                  ...locationOf(span),
                  message: { text: message },
                })),
              }),
        })),
      },
    ],
  };
}

const pageOf = (code: string): string => `docs/diagnostics/${code}.md`;

const locationOf = (span: Span): object => ({
  physicalLocation: {
    artifactLocation: { uri: span.file },
    region: {
      startLine: span.line,
      startColumn: span.column,
      endColumn: span.column + span.length,
    },
  },
});

function countOf(diagnostics: readonly Diagnostic[], severity: Diagnostic['severity']): string {
  const count = diagnostics.filter((item) => item.severity === severity).length;
  return count === 0 ? '' : counted(count, severity);
}

type Style = 'error' | 'warning' | 'strong' | 'frame';
type Paint = (text: string, style: Style) => string;

const ANSI: Readonly<Record<Style, string>> = {
  error: '1;31',
  warning: '1;33',
  strong: '1',
  frame: '1;34',
};
const plain: Paint = (text) => text;
const painted: Paint = (text, style) => `\u001B[${ANSI[style]}m${text}\u001B[0m`;

function renderOne(item: Diagnostic, lines: Lines, paint: Paint): string {
  const title = `${paint(`${item.severity}[${item.code}]`, item.severity)}${paint(`: ${item.message}`, 'strong')}`;
  const places = [item.span, ...(item.related ?? []).map(({ span }) => span)];
  const margin = ' '.repeat(Math.max(...places.map(({ line }) => String(line).length)));
  const shown = [
    title,
    ...renderPlace(item.span, '', margin, lines, paint, item.severity),
    ...(item.related ?? []).flatMap(({ span, message }) =>
      renderPlace(span, message, margin, lines, paint, 'frame'),
    ),
  ];
  if (item.help !== undefined)
    shown.push(`${margin} ${paint('=', 'frame')} ${paint('help', 'strong')}: ${item.help}`);
  return `${shown.join('\n')}\n`;
}

function renderPlace(
  span: Span,
  note: string,
  margin: string,
  lines: Lines,
  paint: Paint,
  style: Style,
): string[] {
  const place = `${margin}${paint('-->', 'frame')} ${span.file}:${span.line}:${span.column}`;
  const line = lines.at(span);
  if (line === undefined) return [place];
  const { text, before, length } = excerpt(line, span);
  const bar = paint('|', 'frame');
  const number = paint(String(span.line).padStart(margin.length), 'frame');
  // Tabs stay tabs, so that the caret stands below its column whatever their width.
  const indent = before.replace(/[^\t]/g, ' ');
  const caret = paint((style === 'frame' ? '-' : '^').repeat(length), style);
  return [
    place,
    `${margin} ${bar}`,
    `${number} ${bar} ${text}`,
    `${margin} ${bar} ${indent}${caret}${note === '' ? '' : ` ${note}`}`,
  ];
}

function excerpt(line: string, span: Span): { text: string; before: string; length: number } {
  const at = Math.min(span.column - 1, line.length);
  const from = line.length <= WIDTH ? 0 : Math.max(0, at - WIDTH / 2);
  const to = line.length <= WIDTH ? line.length : from + WIDTH;
  const head = from > 0 ? '...' : '';
  const tail = to < line.length ? '...' : '';
  const text = `${head}${line.slice(from, to)}${tail}`;
  const before = `${head}${line.slice(from, at)}`;
  return { text, before, length: Math.max(1, Math.min(span.length, to - at)) };
}

/** The lines of each file, split once. */
class Lines {
  readonly #files: ReadonlyMap<string, string>;
  readonly #split = new Map<string, readonly string[]>();

  constructor(files: ReadonlyMap<string, string>) {
    this.#files = files;
  }

  /** Without control characters, which a terminal would obey. */
  at(span: Span): string | undefined {
    const known = this.#split.get(span.file);
    const lines = known ?? this.#files.get(span.file)?.split(/\r?\n/) ?? [];
    if (known === undefined) this.#split.set(span.file, lines);
    // eslint-disable-next-line no-control-regex -- control characters are what is replaced
    return lines[span.line - 1]?.replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, '\u00B7');
  }
}
