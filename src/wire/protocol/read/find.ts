// Fields by path.
import type { PathStep } from '../path.ts';
import type { FieldNode } from './field-node.ts';

export function findFields(root: FieldNode, steps: readonly PathStep[]): readonly FieldNode[] {
  let found: readonly FieldNode[] = [root];
  for (const step of steps) {
    const next: FieldNode[] = [];
    for (const field of found) follow(field, step, next);
    if (next.length === 0) return next;
    found = next;
  }
  return found;
}

function follow(field: FieldNode, step: PathStep, found: FieldNode[]): void {
  const before = found.length;
  enter(field, step, found);
  if (found.length > before || step.kind !== 'name') return;
  // Beside what a key stands for, its element may have more: `match.eth_dst.mask`.
  const { element } = field;
  if (element !== null) enter(element, step, found);
}

function enter(field: FieldNode, step: PathStep, found: FieldNode[]): void {
  if (field.member.kind === 'list') {
    enterList(field, step, found);
    return;
  }
  for (const child of field.children) {
    if (step.kind === 'name' && child.name === step.name && child.name !== '') found.push(child);
    else if (child.name === '' && child.member.kind === 'list') enterList(child, step, found);
  }
}

function enterList(list: FieldNode, step: PathStep, found: FieldNode[]): void {
  switch (step.kind) {
    case 'name':
      for (const element of list.elements(step.name)) found.push(element.keyed);
      return;
    case 'index': {
      const element = list.children[step.index];
      if (element !== undefined) found.push(element);
      return;
    }
    case 'all':
      for (const element of list.children) found.push(element);
  }
}
