/** Puts new cells of assets and checks into a notebook. */
import type { NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';

/** A cell of this text below the active one, with the words at `selected` ready to be typed over. */
export async function insertCell(
  panel: NotebookPanel,
  text: string,
  selected: string
): Promise<void> {
  const notebook = panel.content;
  NotebookActions.insertBelow(notebook);
  const cell = notebook.activeCell;
  if (cell === null) {
    return;
  }
  cell.model.sharedModel.setSource(text);
  await cell.ready;
  notebook.mode = 'edit';
  const { editor } = cell;
  const from = text.indexOf(selected);
  const start = editor?.getPositionAt(from);
  const end = editor?.getPositionAt(from + selected.length);
  if (start !== undefined && end !== undefined) {
    editor?.setSelection({ start, end });
  }
  editor?.focus();
}
