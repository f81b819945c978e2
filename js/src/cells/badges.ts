/** Keeps the badges of one notebook's cells as they should be, and looks only at cells on the screen. */
import type { Cell, CodeCell } from '@jupyterlab/cells';
import type { Notebook, NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { PanelLayout } from '@lumino/widgets';

import type { KernelLink } from '../kernel/link';
import { hasOutputs } from '../kernel/origins';
import type { Changed } from '../kernel/standing';
import type { Reach } from '../protocol';
import { assetsOf, badgesOf, isOutdated, outdatedMark, unknownMark } from './badge';
import { BadgeBar } from './bar';

/** What the buttons on the cells of a notebook do. */
export interface CellActions {
  open(panel: NotebookPanel, asset: string): void;
  run(panel: NotebookPanel, cell: CodeCell, reach: Reach): void;
  /** Run the cell itself again, as it is. */
  rerun(panel: NotebookPanel, cell: CodeCell): void;
  cancel(panel: NotebookPanel): void;
}

export class NotebookBadges implements IDisposable {
  private readonly bars = new Map<Cell, BadgeBar | null>();
  private readonly waiting = new Set<Cell>();
  private frame = 0;
  isDisposed = false;

  constructor(
    private readonly panel: NotebookPanel,
    private readonly link: KernelLink,
    private readonly actions: CellActions
  ) {
    const notebook = panel.content;
    notebook.cellInViewportChanged.connect(this.onViewport, this);
    link.changed.connect(this.onChanged, this);
    panel.disposed.connect(this.dispose, this);
    notebook.widgets.forEach(cell => {
      this.onViewport(notebook, cell);
    });
  }

  dispose(): void {
    this.isDisposed = true;
    cancelAnimationFrame(this.frame);
    Signal.clearData(this);
    this.bars.clear();
    this.waiting.clear();
  }

  /** A cell came into view, or left it: from its first time on it is followed. */
  private onViewport(_: Notebook, cell: Cell): void {
    if (!cell.inViewport || cell.isPlaceholder() || cell.model.type !== 'code') {
      return;
    }
    if (!this.bars.has(cell)) {
      this.bars.set(cell, null);
      cell.model.contentChanged.connect(() => {
        this.look(cell);
      }, this);
      cell.disposed.connect(this.onGone, this);
    }
    this.draw(cell);
  }

  private onGone(cell: Cell): void {
    this.bars.delete(cell);
    this.waiting.delete(cell);
  }

  private onChanged(_: KernelLink, changed: Changed | null): void {
    for (const cell of this.bars.keys()) {
      if (changed === null || this.concerns(cell, changed)) {
        this.look(cell);
      }
    }
  }

  private concerns(cell: Cell, changed: Changed): boolean {
    const { id } = cell.model;
    return (
      changed.cells.has(id) ||
      changed.cells.size > 0 ||
      assetsOf(this.link.standing.cells.get(id)).some(asset => changed.assets.has(asset))
    );
  }

  /** Look at a cell before the page is painted next, however often something changes till then. */
  private look(cell: Cell): void {
    this.waiting.add(cell);
    if (this.waiting.size === 1) {
      this.frame = requestAnimationFrame(() => {
        const waiting = [...this.waiting];
        this.waiting.clear();
        waiting
          .filter(each => each.inViewport)
          .forEach(each => {
            this.draw(each);
          });
      });
    }
  }

  private draw(cell: Cell): void {
    if (cell.isDisposed) {
      return;
    }
    const text = cell.model.sharedModel.getSource();
    const { id } = cell.model;
    const badges = badgesOf(id, text, this.link);
    const unknown = hasOutputs(cell.model) ? unknownMark(id, text, this.link) : null;
    const mark = outdatedMark(id, this.link) ?? unknown;
    cell.toggleClass('dagbook-outdated', isOutdated(id, this.link));
    cell.toggleClass('dagbook-unknown', unknown !== null);
    let bar = this.bars.get(cell) ?? null;
    if (badges.length === 0 && mark === null) {
      bar?.dispose();
      this.bars.set(cell, null);
      return;
    }
    if (bar === null) {
      bar = this.barOf(cell as CodeCell);
      this.bars.set(cell, bar);
    }
    bar.display(badges, mark);
  }

  private barOf(cell: CodeCell): BadgeBar {
    const { panel, actions } = this;
    const bar = new BadgeBar({
      open: asset => {
        actions.open(panel, asset);
      },
      run: reach => {
        actions.run(panel, cell, reach);
      },
      rerun: () => {
        actions.rerun(panel, cell);
      },
      cancel: () => {
        actions.cancel(panel);
      }
    });
    // Between the cell's header, which is empty, and its input.
    (cell.layout as PanelLayout).insertWidget(1, bar);
    return bar;
  }
}
