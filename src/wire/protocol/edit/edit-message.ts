import { Fault } from '../../../base/fault.ts';
import type { Editor } from '../read/read-message.ts';

export const editMessage: Editor = (message, edit) => {
  throw new Fault('usage', `Messages of type ${message.type} cannot be edited yet: ${edit.kind}`);
};
