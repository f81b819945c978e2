/** Has cells keep which versions of assets their outputs come from, and whether these are still so. */
import type { Cell, ICellModel, ICodeCellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { PartialJSONValue } from '@lumino/coreutils';
import { JSONExt } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import type { KernelLink } from './link';
import type { Kept, Screen } from './screen';
import { NOTHING_SHOWN, keptIn, metadataOf } from './screen';
import type { Changed } from './standing';

const PLACE = 'dagbook';
/** Of more assets nothing is kept, so that notebooks stay small: it is a table that shows so many. */
const MOST = 50;

/** What a notebook shows, as far as its cells keep it. */
export function screenOf(panel: NotebookPanel): Screen {
  const screens = [...(panel.content.model?.cells ?? [])].map(screenOfCell);
  return {
    madeWith: screens.flatMap(each => each.madeWith),
    outdated: screens.flatMap(each => each.outdated)
  };
}

function screenOfCell(model: ICellModel): Screen {
  const kept = hasOutputs(model) ? keptIn(model.getMetadata(PLACE), model.executionCount) : null;
  if (kept === null) {
    return NOTHING_SHOWN;
  }
  const { versions, earlier, stale } = kept;
  const { id: cell } = model;
  const isOutdated = earlier.length + stale.length > 0;
  return {
    madeWith: [{ cell, assets: [...versions.keys()], versions: [...versions.values()] }],
    outdated: isOutdated ? [{ cell, earlier, stale }] : []
  };
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
  /** The cells that this page has run: what the kernel tells of them is of what they show. */
  private readonly ran = new Set<string>();
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
    link.recall();
  }

  dispose(): void {
    this.isDisposed = true;
    Signal.clearData(this);
  }

  private onScheduled(_: unknown, { cell }: { cell: Cell }): void {
    if (this.panel.content.widgets.includes(cell)) {
      this.ran.add(cell.model.id);
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
    const { standing } = this.link;
    const told = standing.madeWith.get(model.id);
    if (told === undefined || !isCode(model)) {
      return;
    }
    if (told.assets.length === 0 || told.assets.length > MOST) {
      model.deleteMetadata(PLACE);
      return;
    }
    const kept = keptIn(model.getMetadata(PLACE), model.executionCount);
    const now = new Map(told.assets.map((key, i) => [key, told.versions[i] ?? '']));
    const versions = kept === null || this.ran.has(model.id) ? now : kept.versions;
    const earlier = [...now.keys()].filter(key => now.get(key) !== versions.get(key));
    if (earlier.length > 0) {
      standing.elsewhere.set(model.id, { cell: model.id, earlier, stale: [] });
    } else {
      standing.elsewhere.delete(model.id);
    }
    write(model, { earlier: [], stale: [], ...standing.outdatedOf(model.id), versions });
  }
}

function write(model: ICodeCellModel, kept: Kept): void {
  const now = metadataOf(kept, model.executionCount) as PartialJSONValue;
  const before = model.getMetadata(PLACE) as PartialJSONValue | undefined;
  if (before === undefined || !JSONExt.deepEqual(before, now)) {
    model.setMetadata(PLACE, now);
  }
}
