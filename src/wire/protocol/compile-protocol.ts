// ProtocolSpec → Protocol: the description becomes arrays and closures once, and messages are then read without looking at it.
import type { ProtocolSpec } from '../../model/protocol.ts';
import { buildGrammar } from './build-grammar.ts';
import type { Protocol, Side } from './contract.ts';
import { checkEdit } from './edit/check-edit.ts';
import { messageEditor } from './edit/edit-message.ts';
import { makeFramer } from './frame/make-framer.ts';
import { isOnce } from './read/once.ts';
import { type MessageKind, PathCache, ReadMessage } from './read/read-message.ts';
import { typeReader } from './type-of.ts';
import { writeMessage } from './write/write-message.ts';

/** The description has been checked: src/scenario/protocol. */
export function compileProtocol(spec: ProtocolSpec): Protocol {
  const grammar = buildGrammar(spec);
  const paths = new PathCache();
  const editor = messageEditor(grammar);
  const kindOf = (side: Side): MessageKind => ({
    member: grammar.roots[side],
    typeOf: typeReader(grammar, side),
    isOnce: remembered((name) => isOnce(grammar.roots[side].layout, name)),
    editor,
    paths,
  });
  const kinds = { client: kindOf('client'), server: kindOf('server') };
  return {
    spec,
    framer: (side, twin) => makeFramer(spec.frame, side, twin),
    typeOf: (message, side) => kinds[side].typeOf(message),
    read: (bytes: Uint8Array, side: Side) => new ReadMessage(bytes, kinds[side]),
    write: (type, values, side) => writeMessage(grammar, type, values, side),
    check: (edit, messageTypes, unsafe) => checkEdit(grammar, edit, messageTypes, unsafe),
  };
}

function remembered(answer: (name: string) => boolean): (name: string) => boolean {
  const known = new Map<string, boolean>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const now = answer(name);
    known.set(name, now);
    return now;
  };
}
