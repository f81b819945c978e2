/** Has the kernel forget what deleted cells defined, and recall it when they are there again. */
import { Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import type { KernelLink } from '../kernel/link';

/** Milliseconds in which cells may be moved, cut and pasted, or reloaded, before they count as deleted. */
const SETTLED = 400;

export class DeletedCells implements IDisposable {
  /** The cells that this notebook has had: a kernel may serve cells of others too. */
  private readonly seen = new Set<string>();
  private readonly forgotten = new Set<string>();
  private timer = 0;
  isDisposed = false;

  constructor(
    private readonly panel: NotebookPanel,
    private readonly link: KernelLink,
    private readonly undo: () => void
  ) {
    panel.content.modelChanged.connect(this.onModel, this);
    panel.disposed.connect(this.dispose, this);
    link.changed.connect(this.onLink, this);
    this.onModel();
  }

  dispose(): void {
    this.isDisposed = true;
    window.clearTimeout(this.timer);
    Signal.clearData(this);
  }

  private onLink(_: KernelLink, changed: unknown): void {
    if (changed === null && this.link.status !== 'ready') {
      // Another kernel remembers nothing of these.
      this.forgotten.clear();
    }
  }

  /** Follow which cells there are; what is typed into them changes nothing here. */
  private onModel(): void {
    this.panel.content.model?.cells.changed.connect(this.onChanged, this);
    this.onChanged();
  }

  private onChanged(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      void this.compare();
    }, SETTLED);
  }

  private async compare(): Promise<void> {
    const { model } = this.panel.content;
    if (model === null || model.isDisposed || this.isDisposed) {
      return;
    }
    const here = new Set([...model.cells].map(cell => cell.id));
    const gone = [...this.link.standing.cells.keys()].filter(
      id => this.seen.has(id) && !here.has(id)
    );
    const back = [...this.forgotten].filter(id => here.has(id));
    here.forEach(id => this.seen.add(id));
    if (this.link.status !== 'ready') {
      return;
    }
    if (back.length > 0) {
      back.forEach(id => this.forgotten.delete(id));
      await this.link.ask({ type: 'recallcells', cells: back });
    }
    if (gone.length > 0) {
      gone.forEach(id => this.forgotten.add(id));
      const told = await this.link.ask({ type: 'forgetcells', cells: gone });
      this.tell(told.problem ?? told.result);
    }
  }

  private tell(names: string): void {
    if (names !== '') {
      Notification.info(`${names} left the graph. Kept values stay until dagbook gc.`, {
        autoClose: 8000,
        actions: [{ label: 'Undo', callback: this.undo }]
      });
    }
  }
}
