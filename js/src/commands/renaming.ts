/** Renames an asset in all cells of a notebook, as its kernel says. */
import { InputDialog, Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';

import type { KernelLink } from '../kernel/link';
import type { Edit } from '../protocol';
import type { CellText } from './places';

/** Ask for the asset, where the active cell defines none, and for the new key; then change all cells. */
export async function renameAsset(
  panel: NotebookPanel,
  link: KernelLink,
  asset: string | undefined,
  cells: readonly CellText[]
): Promise<void> {
  const old = asset ?? (await chosen([...link.standing.assets.keys()]));
  if (old === undefined) {
    return;
  }
  const asked = await InputDialog.getText({ title: `Rename ${old} to`, text: old });
  const to = asked.value?.trim() ?? '';
  if (!asked.button.accept || to === '' || to === old) {
    return;
  }
  const told = await link.request({ type: 'rename', asset: old, to, cells });
  if (told.type !== 'edits') {
    Notification.error(told.type === 'answer' ? (told.problem ?? '') : '', { autoClose: 8000 });
    return;
  }
  const changed = applyEdits(panel, cells, told.edits);
  const where = changed === 1 ? '1 cell' : `${changed} cells`;
  Notification.info(`Renamed ${old} to ${to} in ${where}. Run them to register it.`, {
    autoClose: 8000
  });
}

async function chosen(assets: readonly string[]): Promise<string | undefined> {
  const asked = await InputDialog.getItem({ title: 'Rename', items: [...assets] });
  return asked.button.accept && asked.value !== null ? asked.value : undefined;
}

/** Change the cells, all or, where one was edited meanwhile, none; gives how many were changed. */
function applyEdits(
  panel: NotebookPanel,
  cells: readonly CellText[],
  edits: readonly Edit[]
): number {
  const shared = panel.content.model?.sharedModel;
  const asSent = new Map(cells.map(cell => [cell.id, cell.text]));
  const owners = new Map(shared?.cells.map(cell => [cell.getId(), cell]));
  const wanted = [...edits].sort((one, other) => other.start - one.start);
  if (wanted.some(({ cell }) => owners.get(cell)?.getSource() !== asSent.get(cell))) {
    return 0;
  }
  shared?.transact(() => {
    for (const { cell, start, end, text } of wanted) {
      owners.get(cell)?.updateSource(start, end, text);
    }
  });
  return new Set(wanted.map(edit => edit.cell)).size;
}
