// Cases of choices are written as words or numbers of any form; the compiled ones are decimal numbers, or texts.
import type { FieldSpec, ProtocolSpec } from '../../model/protocol.ts';
import type { Faults } from '../faults.ts';
import { didYouMean } from '../suggest.ts';
import type { WrittenField, WrittenLayout } from './written.ts';

type Enums = ProtocolSpec['enums'];

export function withCaseNumbers(
  layouts: readonly WrittenLayout[],
  enums: Enums,
  faults: Faults,
): readonly WrittenLayout[] {
  const all = layouts.flatMap((layout) => layout.fields);
  return layouts.map((layout) => ({
    ...layout,
    fields: layout.fields.map((field) => {
      const { type } = field.spec;
      if (type.kind !== 'choice') return field;
      const name = type.on.split('.').at(-1);
      const nearest = [...layout.fields, ...all].filter(({ spec }) => spec.name === name);
      const cases = Object.entries(type.cases).map(
        ([key, value]) => [caseOf(key, nearest, enums, field, faults), value] as const,
      );
      return {
        ...field,
        spec: { ...field.spec, type: { ...type, cases: Object.fromEntries(cases) } },
      };
    }),
  }));
}

function caseOf(
  key: string,
  fields: readonly WrittenField[],
  enums: Enums,
  choice: WrittenField,
  faults: Faults,
): string {
  const isText = fields.some(
    ({ spec }) => spec.type.kind === 'text' || spec.type.kind === 'string',
  );
  if (isText) return key;
  if (/^(0x[\da-f]+|\d+)$/i.test(key)) return String(BigInt(key));
  const words = fields.flatMap(({ spec }) => wordsOf(spec, enums));
  const found = words.find(([word]) => word === key);
  if (found !== undefined) return String(found[1]);
  faults.add('S170', choice.span, `No enum of what the choice goes by has the word "${key}"`, {
    help: didYouMean(
      key,
      words.map(([word]) => word),
    ),
  });
  return key;
}

const wordsOf = ({ type }: FieldSpec, enums: Enums): (readonly [string, number])[] =>
  type.kind === 'uint' && type.enum !== undefined ? Object.entries(enums[type.enum] ?? {}) : [];
