// Values as YAML that is pleasant to read: short maps and lists in one line, long ones on lines of their own.
import { type Block, type Entry, type Value, isBlock, isList } from './yaml-value.ts';
import { literalLines, yamlKey, yamlScalar } from './yaml-scalar.ts';

const WIDTH = 100;

export const renderYaml = (block: Block): string => `${blockLines(block, '').join('\n')}\n`;

const blockLines = (block: Block, indent: string): string[] =>
  block.entries.flatMap((item) => [
    ...(item.apart === true ? [''] : []),
    ...(item.above ?? []).map((comment) => `${indent}# ${printable(comment)}`),
    ...entryLines(item, indent),
  ]);

function entryLines({ key, value, open }: Entry, indent: string): string[] {
  const head = `${indent}${yamlKey(key)}:`;
  const literal = literalLines(value);
  if (literal !== undefined) return literalBlock(head, literal, indent);
  if (!isBlock(value) && !isList(value)) return [`${head} ${yamlScalar(value)}`];
  const flow = open === true ? undefined : flowOf(value);
  if (flow !== undefined && head.length + 1 + flow.length <= WIDTH) return [`${head} ${flow}`];
  if (isBlock(value)) return [head, ...blockLines(value, `${indent}  `)];
  return [head, ...value.flatMap((item) => itemLines(item, `${indent}  `))];
}

function itemLines(item: Value, indent: string): string[] {
  const literal = literalLines(item);
  if (literal !== undefined) return literalBlock(`${indent}-`, literal, indent);
  const flow = flowOf(item);
  if (flow !== undefined && indent.length + 2 + flow.length <= WIDTH) return [`${indent}- ${flow}`];
  if (!isBlock(item) && !isList(item)) return [`${indent}- ${yamlScalar(item)}`];
  const inner = `${indent}  `;
  const [first = '', ...rest] = isBlock(item)
    ? blockLines(item, inner)
    : item.flatMap((each) => itemLines(each, inner));
  return [`${indent}- ${first.trimStart()}`, ...rest];
}

const literalBlock = (
  head: string,
  [mark = '', ...lines]: readonly string[],
  indent: string,
): string[] => [
  `${head} ${mark}`,
  ...lines.map((line) => (line === '' ? '' : `${indent}  ${line}`)),
];

/** In one line; undefined when there are comments in it, or texts of several lines. */
function flowOf(value: Value): string | undefined {
  if (isList(value)) return joined('[', value.map(flowOf), ']');
  if (!isBlock(value)) return literalLines(value) === undefined ? yamlScalar(value) : undefined;
  const parts = value.entries.map(({ key, value: inner, above = [], open }) => {
    const flow = flowOf(inner);
    return flow === undefined || above.length > 0 || open === true
      ? undefined
      : `${yamlKey(key)}: ${flow}`;
  });
  return parts.length === 0 ? '{}' : joined('{ ', parts, ' }');
}

const joined = (
  start: string,
  parts: readonly (string | undefined)[],
  end: string,
): string | undefined =>
  parts.includes(undefined) ? undefined : `${start}${parts.join(', ')}${end}`;

/** A comment ends with its line. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cs}\u2028\u2029\uFEFF\uFFFD-\uFFFF]+/gu, ' ').trimEnd();
