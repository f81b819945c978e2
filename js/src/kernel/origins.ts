/** Keeps in the metadata of cells which versions of assets their outputs come from, past the kernel. */
import type { Cell, ICellModel, ICodeCellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import type { MadeWith } from '../protocol';
import type { KernelLink } from './link';
import type { Changed } from './standing';
import { versionsIn } from './versions';

const PLACE = 'dagbook';
/** Of more assets nothing is kept, so that notebooks stay small: it is a table that shows so many. */
const MOST = 50;

/** What the outputs of a notebook come from. */
export function madeWithOf(panel: NotebookPanel): MadeWith[] {
  const cells = panel.content.model === null ? [] : [...panel.content.model.cells];
  return cells.flatMap(model => {
    if (!hasOutputs(model)) {
      return [];
    }
    const versions = versionsIn(model.getMetadata(PLACE), model.executionCount);
    return versions === null
      ? []
      : [{ cell: model.id, assets: [...versions.keys()], versions: [...versions.values()] }];
  });
}

/** Whether something is shown below a cell. */
export function hasOutputs(model: ICellModel): model is ICodeCellModel {
  return isCode(model) && model.outputs.length > 0;
}

function isCode(model: ICellModel): model is ICodeCellModel {
  return model.type === 'code';
}

/** Has a notebook's cells keep what the kernel tells that they come from. */
export class Origins implements IDisposable {
  isDisposed = false;

  constructor(
    private readonly panel: NotebookPanel,
    private readonly link: KernelLink
  ) {
    link.changed.connect(this.onChanged, this);
    // Between this and the kernel's word nobody knows what will be shown.
    NotebookActions.executionScheduled.connect(this.onScheduled, this);
    NotebookActions.executed.connect(this.onExecuted, this);
    panel.disposed.connect(this.dispose, this);
  }

  dispose(): void {
    this.isDisposed = true;
    Signal.clearData(this);
  }

  private onScheduled(_: unknown, { cell }: { cell: Cell }): void {
    if (this.panel.content.widgets.includes(cell)) {
      cell.model.deleteMetadata(PLACE);
    }
  }

  private onExecuted(_: unknown, { cell }: { cell: Cell }): void {
    if (this.panel.content.widgets.includes(cell) && !cell.isDisposed) {
      this.keep(cell.model);
    }
  }

  private onChanged(_: KernelLink, changed: Changed | null): void {
    for (const model of this.panel.content.model?.cells ?? []) {
      if (changed === null || changed.cells.has(model.id)) {
        this.keep(model);
      }
    }
  }

  private keep(model: ICellModel): void {
    const told = this.link.standing.madeWith.get(model.id);
    if (told === undefined || !isCode(model)) {
      return;
    }
    const count = model.executionCount;
    const now = Object.fromEntries(told.assets.map((key, i) => [key, told.versions[i] ?? '']));
    const kept = versionsIn(model.getMetadata(PLACE), count);
    if (told.assets.length === 0 || told.assets.length > MOST) {
      model.deleteMetadata(PLACE);
    } else if (JSON.stringify(Object.fromEntries(kept ?? [])) !== JSON.stringify(now)) {
      model.setMetadata(PLACE, { made_with: now, execution_count: count });
    }
  }
}
