// The text of a protocol's description → ProtocolSpec, or all that is wrong with it.
import type { Diagnostic } from '../../base/diagnostic.ts';
import { member } from '../../base/member.ts';
import { type Result, fail, ok } from '../../base/result.ts';
import type { AnswerSpec, LayoutSpec, OrderSpec, ProtocolSpec } from '../../model/protocol.ts';
import { Faults } from '../faults.ts';
import { type Dialect, readYaml } from '../source/read-yaml.ts';
import { type MapTree, toData } from '../source/tree.ts';
import { withCaseNumbers } from './case-numbers.ts';
import { checkProtocol } from './check-protocol.ts';
import { checkProtocolSchema } from './check-schema.ts';
import { readFrame } from './read-frame.ts';
import { readLayouts } from './read-layouts.ts';
import type { WrittenLayout } from './written.ts';

/** Cases of a choice are numbers, and keys all the same. */
const PROTOCOL: Dialect = {
  noun: 'a protocol',
  topKeys: '"protocol" and "layouts"',
  mergeKeys: true,
  tags: [],
};

export function compileProtocolText(
  text: string,
  file: string,
): Result<ProtocolSpec, readonly Diagnostic[]> {
  const faults = new Faults();
  const tree = readYaml(file, text, faults, PROTOCOL);
  const spec = tree === undefined ? undefined : specOf(tree, faults);
  return spec === undefined || faults.hasErrors ? fail(faults.sorted([file])) : ok(spec);
}

function specOf(tree: MapTree, faults: Faults): ProtocolSpec | undefined {
  checkProtocolSchema(tree, faults);
  return faults.hasErrors ? undefined : readSpec(tree, faults);
}

/** Of a tree that the schema has accepted. */
function readSpec(tree: MapTree, faults: Faults): ProtocolSpec {
  const data = toData(tree);
  const enums = enumsOf(member(data, 'enums'));
  const written = withCaseNumbers(readLayouts(tree, faults), enums, faults);
  const message = member(data, 'message');
  const type = member(data, 'type');
  const answers = member(data, 'answers');
  const inherits = member(data, 'inherits');
  const spec: ProtocolSpec = {
    protocol: String(member(data, 'protocol')),
    description: textsOf(member(data, 'description')).join(' '),
    references: textsOf(member(data, 'references')),
    frame: readFrame(member(data, 'frame')),
    message: {
      client: String(member(message, 'client') ?? message),
      server: String(member(message, 'server') ?? message),
    },
    type: typeof type === 'string' ? type : null,
    layouts: Object.fromEntries(written.map((layout) => [layout.name, layoutSpec(layout)])),
    enums,
    order: orderOf(member(data, 'order')),
    ...(inherits === undefined ? {} : { inherits: textsOf(inherits) }),
    ...(answers === undefined ? {} : { answers: answersOf(answers) }),
  };
  if (!faults.hasErrors) checkProtocol(spec, written, tree, faults);
  return spec;
}

function layoutSpec({ fields, size, align }: WrittenLayout): LayoutSpec {
  return {
    fields: fields.map((field) => field.spec),
    ...(size === undefined ? {} : { size }),
    ...(align === undefined ? {} : { align }),
  };
}

function enumsOf(written: unknown): ProtocolSpec['enums'] {
  const entries = entriesOf(written).map(([name, words]) => {
    const numbers = entriesOf(words).map(([word, number]) => [word, Number(number)] as const);
    return [name, Object.fromEntries(numbers)] as const;
  });
  return Object.fromEntries(entries);
}

const entriesOf = (map: unknown): readonly (readonly [string, unknown])[] =>
  typeof map === 'object' && map !== null ? Object.entries(map) : [];

/** Unless it is said, all keep their order. */
function orderOf(written: unknown): OrderSpec {
  if (written === undefined) return { strict: ['*'], loose: [], barrier: [] };
  const types = (key: string): readonly string[] => textsOf(member(written, key));
  return { strict: types('strict'), loose: types('loose'), barrier: types('barrier') };
}

function answersOf(written: unknown): AnswerSpec {
  const lists = (key: string): Readonly<Record<string, readonly string[]>> =>
    Object.fromEntries(
      entriesOf(member(written, key)).map(([type, value]) => [type, textsOf(value)]),
    );
  return { id: String(member(written, 'id')), errors: lists('errors'), replies: lists('replies') };
}

/** A text, or a list of them. */
const textsOf = (value: unknown): readonly string[] =>
  [value].flat().filter((item) => typeof item === 'string');
