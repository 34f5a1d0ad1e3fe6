import { CONTAINER_FOLDER } from '../../model/container.ts';
import type { Context } from '../context.ts';
import type { ResolvedCopy } from '../resolve/container/copies.ts';
import type { Path } from '../source/tree.ts';
import { checkEndingFlow } from './ending-flow.ts';
import type { Rule } from './rule.ts';

/** What is copied out stays inside the results, each copy under a name of its own, and each at one moment. */
export const copies: Rule = (context, { containers, flows }) => {
  const byName = new Map(flows.map((item) => [item.flow.name, item]));
  for (const { name, written, copies: all } of containers.values()) {
    const taken = new Map<string, Path>();
    for (const { copy, path } of all) {
      const [, , , side, index] = path;
      const own = side === 'in' ? written.copy?.in : written.copy?.out;
      const { at, after } = own?.[Number(index)] ?? {};
      if (after !== undefined) checkEndingFlow(context, after, [...path, 'after'], byName);
      if (at !== undefined && after !== undefined)
        context.report('S098', [...path, 'at'], 'A copy is made at one moment: "at" or "after"', {
          key: true,
          help: 'Remove one of the two',
        });
      if (copy.direction === 'out') checkOut(context, name, { copy, path }, taken);
      else checkIn(context, { copy, path });
    }
  }
};

function checkIn(context: Context, { copy: { to }, path }: ResolvedCopy): void {
  const at = [...path, 'to'];
  if (to === '/')
    context.report('S128', at, 'Nothing can be copied over the root of a container', {
      help: 'Write the whole path that it is to have: /rules.json',
    });
  else if (`${to}/`.startsWith(`${CONTAINER_FOLDER}/`))
    context.report('S128', at, `The place "${to}" is the lab's own`, {
      help: 'Choose another one',
    });
}

function checkOut(
  context: Context,
  name: string,
  { copy: { from, to }, path }: ResolvedCopy,
  taken: Map<string, Path>,
): void {
  if (to === '' || to === '.') {
    context.report('S128', path, `Expected a name for the copy of "${from}"`, {
      help: 'Add "to" with what it is called in the results',
    });
    return;
  }
  if (to.startsWith('/') || /^\.\.(\/|$)/.test(to)) {
    context.report('S128', [...path, 'to'], `Expected a path below files/${name}/, found "${to}"`, {
      help: 'What is copied out stays inside the results: write a name such as "censor.log"',
    });
    return;
  }
  const first = [...taken].find(
    ([other]) => other === to || isBelow(to, other) || isBelow(other, to),
  );
  if (first === undefined) taken.set(to, path);
  else
    context.report('S128', path, `Two copies would be at files/${name}/${first[0]}`, {
      related: [{ message: 'The other one', span: context.spanOf(first[1]) }],
      help: 'Give one of them another "to"',
    });
}

const isBelow = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);
