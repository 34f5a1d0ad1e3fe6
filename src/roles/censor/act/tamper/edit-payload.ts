import type { TamperEdit } from '../../../../model/censor-action.ts';
import { fromHex } from '../../../../wire/bytes.ts';
import { setServerName, stripExtension } from './edit-client-hello.ts';
import { setHttpField } from './edit-http-head.ts';
import { replaceBytes } from './replace-bytes.ts';

/** Whether an edit changes payload, and so may change its length; the others change headers. */
export const changesPayload = ({ edit }: TamperEdit): boolean =>
  edit !== 'field' && edit !== 'tcp-strip';

/** The payload after all edits, in their order; the same array when nothing changes. */
export const editPayload = (payload: Uint8Array, edits: readonly TamperEdit[]): Uint8Array =>
  edits.reduce(editOnce, payload);

function editOnce(payload: Uint8Array, edit: TamperEdit): Uint8Array {
  switch (edit.edit) {
    case 'replace':
      return replaceBytes(payload, fromHex(edit.find), fromHex(edit.with));
    case 'http-header':
      return setHttpField(payload, edit.name, edit.value);
    case 'tls-strip':
      return stripExtension(payload, edit.extension);
    case 'tls-sni':
      return setServerName(payload, edit.name);
    case 'field':
    case 'tcp-strip':
      return payload;
  }
}
