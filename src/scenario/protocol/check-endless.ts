import type { FieldType } from '../../model/protocol.ts';
import type { Faults } from '../faults.ts';
import type { WrittenLayout } from './written.ts';

/** Finds layouts that hold themselves before a byte is read: they would never end. */
export function checkEndless(layouts: readonly WrittenLayout[], faults: Faults): void {
  const byName = new Map(layouts.map((layout) => [layout.name, layout]));
  const done = new Set<string>();
  const visit = (name: string, above: readonly string[]): void => {
    const layout = byName.get(name);
    if (layout === undefined || done.has(name)) return;
    for (const { spec, span } of layout.fields) {
      for (const inner of layoutsOf(spec.type)) {
        if (above.includes(inner) || inner === name)
          faults.add('S173', span, `The layout "${inner}" holds itself before any byte of it`);
        else visit(inner, [...above, name]);
      }
      if (takesBytes(spec.type)) break;
    }
    done.add(name);
  };
  for (const { name } of layouts) visit(name, []);
}

function layoutsOf(type: FieldType): readonly string[] {
  if (type.kind === 'struct') return [type.layout];
  if (type.kind === 'list') return [type.of];
  if (type.kind !== 'choice') return [];
  return [...Object.values(type.cases), ...(type.else === undefined ? [] : [type.else])];
}

/** Whether it has at least one bit whatever the message. */
function takesBytes(type: FieldType): boolean {
  switch (type.kind) {
    case 'uint':
    case 'mac':
    case 'ipv4':
    case 'ipv6':
    case 'text':
    case 'name':
      return true;
    case 'pad':
      return type.size > 0;
    case 'bytes':
    case 'string':
      return typeof type.size === 'number' && type.size > 0;
    case 'struct':
    case 'list':
    case 'choice':
      return false;
  }
}
