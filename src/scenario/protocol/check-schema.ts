import type { Faults } from '../faults.ts';
import { validate } from '../protocol-schema-check.js';
import { explain } from '../schema/explain.ts';
import { type MapTree, keySpanAt, spanAt, toData, treeAt } from '../source/tree.ts';

/** A description against schemas/protocol.schema.json. */
export function checkProtocolSchema(tree: MapTree, faults: Faults): void {
  if (validate(toData(tree))) return;
  for (const fault of validate.errors ?? []) {
    const { code, message, help, at } = explain(fault);
    const steps = fault.instancePath.split('/').slice(1);
    const extra = fault.params['additionalProperty'];
    const path = typeof extra === 'string' ? [...steps, extra] : steps;
    const isScalar = treeAt(tree, path)?.kind === 'scalar';
    const span = at === 'key' || !isScalar ? keySpanAt(tree, path) : spanAt(tree, path);
    faults.add(code, span, message, { help });
  }
}
