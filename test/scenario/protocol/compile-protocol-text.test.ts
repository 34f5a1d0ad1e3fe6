import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { compileProtocolText } from '../../../src/scenario/protocol/compile-protocol-text.ts';
import { ROOT } from '../compile-text.ts';

const SHIPPED = join(ROOT, 'schemas/protocols');

const text = (layouts: string, top = ''): string =>
  `protocol: p\nframe: chunk\nmessage: m\n${top}layouts:\n${layouts}`;

/** Code, line, and what is said. */
function faultsOf(written: string): readonly string[] {
  const spec = compileProtocolText(written, 'p.yaml');
  if (spec.ok) return [];
  return spec.error.map(({ code, span, message }) => `${code} ${span.line}: ${message}`);
}

describe('compileProtocolText()', () => {
  for (const file of readdirSync(SHIPPED))
    it(`takes ${file}`, () => {
      const spec = compileProtocolText(readFileSync(join(SHIPPED, file), 'utf8'), file);
      expect(spec.ok && spec.value.protocol).to.equal(file.replace('.yaml', ''));
    });

  it('reads short forms, sizes, words of cases and limits', () => {
    const spec = compileProtocolText(
      `protocol: p
frame: { length: { at: 1, width: 2, plus: -1 } }
message: { client: m, server: n }
type: kind
enums: { kinds: { A: 0x10 } }
layouts:
  m: [{ kind: { uint: 8, enum: kinds } }, { n: uint16le }, { choice: kind, cases: { A: n, 0x20: n }, size: n - 2 }]
  n: { size: l + 4, align: 8, fields: [{ l: uint8 }, { t: { text: ":", blanks: true } }, { d: bytes }] }
`,
      'p.yaml',
    );
    expect(spec).to.deep.equal({
      ok: true,
      value: {
        protocol: 'p',
        description: '',
        references: [],
        frame: { kind: 'length', at: 1, width: 2, plus: -1, least: 3, limit: 65_534 },
        message: { client: 'm', server: 'n' },
        type: 'kind',
        layouts: {
          m: {
            fields: [
              { name: 'kind', type: { kind: 'uint', bits: 8, enum: 'kinds' } },
              { name: 'n', type: { kind: 'uint', bits: 16, little: true } },
              {
                type: {
                  kind: 'choice',
                  on: 'kind',
                  cases: { 16: 'n', 32: 'n' },
                  size: { field: 'n', plus: -2 },
                },
              },
            ],
          },
          n: {
            fields: [
              { name: 'l', type: { kind: 'uint', bits: 8 } },
              { name: 't', type: { kind: 'text', until: ':', blanks: true } },
              { name: 'd', type: { kind: 'bytes', size: 'rest' } },
            ],
            size: { field: 'l', plus: 4 },
            align: 8,
          },
        },
        enums: { kinds: { A: 16 } },
        order: { strict: ['*'], loose: [], barrier: [] },
      },
    });
  });

  const CASES: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'a file that is none',
      'frame: chunk\n',
      [
        'S043 1: Missing key "protocol"',
        'S043 1: Missing key "message"',
        'S043 1: Missing key "layouts"',
      ],
    ],
    ['an unknown key', text('  m: [{ a: uint8 }]\n', 'tipe: a\n'), ['S040 4: Unknown key "tipe"']],
    [
      'an unknown frame',
      text('  m: []\n').replace('chunk', 'lines'),
      ['S050 2: Expected a value of another form, found "lines"'],
    ],
    ['an unknown layout', text('  m: [{ struct: n }]\n'), ['S170 5: There is no layout "n"']],
    [
      'an unknown enum',
      text('  m: [{ a: { uint: 8, enum: e } }]\n'),
      ['S170 5: There is no enum "e"'],
    ],
    ['an unknown field', text('  m: [{ a: { bytes: b } }]\n'), ['S170 5: There is no field "b"']],
    [
      'an unknown type field',
      text('  m: [{ a: uint8 }]\n', 'type: b\n'),
      ['S170 4: No layout has the field "b"'],
    ],
    [
      'an unknown size field',
      text('  m: { size: b, fields: [{ a: uint8 }] }\n'),
      ['S170 5: The size of "m" is to be in "b", which is no field of it'],
    ],
    [
      'an unknown word',
      text('  m: [{ a: uint8 }, { choice: a, cases: { X: m } }]\n'),
      ['S170 5: No enum of what the choice goes by has the word "X"'],
    ],
    [
      'a size that comes too late',
      text('  m: [{ a: { bytes: b } }, { b: uint8 }]\n'),
      ['S171 5: "b" comes too late: it has to be read before'],
    ],
    [
      'bits that fill no bytes',
      text('  m:\n    - a: uint4\n    - b: uint7\n    - c: bytes\n'),
      ['S172 7: The bits up to here fill no bytes: they are 11'],
    ],
    [
      'a layout without an end',
      text('  m: [{ struct: n }]\n  n: [{ list: m, key: a }, { a: uint8 }]\n'),
      ['S173 6: The layout "m" holds itself before any byte of it'],
    ],
    ['an unknown type', text('  m: [{ a: int8 }]\n'), ['S174 5: "a": There is no type "int8"']],
    [
      'a key of another kind',
      text('  m: [{ a: { uint: 8, size: 2 } }]\n'),
      ['S174 5: "a": A field of the kind "uint" has no key "size"'],
    ],
    [
      'two kinds',
      text('  m: [{ a: { uint: 8, bytes: 2 } }]\n'),
      [
        'S174 5: "a": Expected exactly one of "uint", "bytes", "string", "text", "name", "pad", "struct", "list" or "choice", found "uint" and "bytes"',
      ],
    ],
    [
      'a number that is too wide',
      text('  m: [{ a: uint65 }]\n'),
      ['S174 5: "a": A number has 1 to 64 bits, not 65'],
    ],
    [
      'a size that is none',
      text('  m: [{ a: { bytes: -1 } }]\n'),
      ['S174 5: "a": Expected a size such as 4, rest, length or "length - 4", found -1'],
    ],
    [
      'two names',
      text('  m: [{ a: uint8, b: uint8 }]\n'),
      ['S048 5: Expected a field of one name, found a, b'],
    ],
    [
      'a list without name and key',
      text('  m: [{ list: n }]\n  n: [{ a: uint8 }]\n'),
      ['S174 5: A list without a name needs a "key"'],
    ],
  ];
  for (const [what, written, faults] of CASES)
    it(`says what is wrong with ${what}`, () => {
      expect(faultsOf(written)).to.deep.equal(faults);
    });
});
