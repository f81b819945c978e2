/** What commands are about: the notebook in front, its active cell, and the assets of that cell. */
import { Notification } from '@jupyterlab/apputils';
import type { CodeCell } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';

import { namesIn } from '../cells/badge';
import type { KernelLink } from '../kernel/link';
import type { ILinks } from '../kernel/plugin';
import type { CellText } from './places';

export class Current {
  constructor(
    private readonly tracker: INotebookTracker,
    private readonly links: ILinks
  ) {}

  get panel(): NotebookPanel | null {
    return this.tracker.currentWidget;
  }

  get link(): KernelLink | null {
    return this.panel === null ? null : this.links.of(this.panel);
  }

  get cell(): CodeCell | null {
    const cell = this.panel?.content.activeCell;
    return cell?.model.type === 'code' ? (cell as CodeCell) : null;
  }

  /** Whether the active cell defines something, as far as its text tells or the kernel knows. */
  get defines(): boolean {
    const { cell, link } = this;
    return (
      cell !== null &&
      (link?.standing.cells.has(cell.model.id) === true ||
        namesIn(cell.model.sharedModel.getSource()).length > 0)
    );
  }

  /** The assets that the active cell defines or checks. */
  get assets(): string[] {
    const known = this.cell && this.link?.standing.cells.get(this.cell.model.id);
    if (!known) {
      return [];
    }
    const checked = known.checks.map(name => name.slice(0, name.lastIndexOf('.')));
    return [...new Set([...known.assets, ...checked])];
  }

  /** The code cells of the notebook in front, with `all` the others too. */
  texts(panel: NotebookPanel, all = false): CellText[] {
    return [...(panel.content.model?.cells ?? [])]
      .filter(cell => all || cell.type === 'code')
      .map(cell => ({
        id: cell.id,
        text: cell.type === 'code' ? cell.sharedModel.getSource() : ''
      }));
  }

  /** Make a cell active, and show it, with the cursor where something stands in it. */
  async goTo(panel: NotebookPanel, index: number, offset = 0): Promise<void> {
    const notebook = panel.content;
    const cell = notebook.widgets[index];
    if (cell === undefined) {
      return;
    }
    notebook.deselectAll();
    notebook.activeCellIndex = index;
    await notebook.scrollToItem(index, 'smart');
    await cell.ready;
    const position = cell.editor?.getPositionAt(offset);
    if (position !== undefined) {
      cell.editor?.setCursorPosition(position);
    }
    notebook.node.focus({ preventScroll: true });
  }

  /** Go to the cell that defines an asset, or say that there is none. */
  async goToAsset(panel: NotebookPanel, asset: string): Promise<void> {
    const id = this.links.of(panel).standing.cellOf(asset)?.id;
    const index = panel.content.widgets.findIndex(cell => cell.model.id === id);
    if (index < 0) {
      Notification.info(`No cell of this notebook defines ${asset}.`, { autoClose: 5000 });
      return;
    }
    await this.goTo(panel, index);
  }
}
