/** What buttons and commands have in common: runs of assets, and what to tell of them. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { CodeCell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { CommandRegistry } from '@lumino/commands';
import { Token } from '@lumino/coreutils';

import type { CellActions } from '../cells/badges';
import { textDigest } from '../cells/digest';
import { ILinks } from '../kernel/plugin';
import type { Reach } from '../protocol';

export const IRunner = new Token<IRunner>('dagbook:IRunner', 'Runs assets of notebooks.');

export interface IRunner extends CellActions {
  /** Bring these assets up to date, or all that is stale; tells what went wrong and warnings. */
  materialize(panel: NotebookPanel, assets: readonly string[], reach: Reach): Promise<void>;
}

class Runner implements IRunner {
  constructor(
    private readonly commands: CommandRegistry,
    private readonly links: ILinks
  ) {}

  open(panel: NotebookPanel, asset: string): void {
    void this.commands.execute('dagbook:show-graph', { asset, notebook: panel.id });
  }

  run(panel: NotebookPanel, cell: CodeCell, reach: Reach): void {
    const { standing } = this.links.of(panel);
    const known = standing.cells.get(cell.model.id);
    if (known === undefined || known.digest !== textDigest(cell.model.sharedModel.getSource())) {
      this.rerun(panel, cell);
      return;
    }
    const checked = known.checks.map(name => name.slice(0, name.lastIndexOf('.')));
    void this.materialize(panel, [...new Set([...known.assets, ...checked])], reach);
  }

  rerun(panel: NotebookPanel, cell: CodeCell): void {
    void NotebookActions.runCells(panel.content, [cell], panel.sessionContext);
  }

  cancel(panel: NotebookPanel): void {
    const link = this.links.of(panel);
    const kernel = panel.sessionContext.session?.kernel;
    void link.request({ type: 'cancel' });
    if (link.standing.runs.length === 0 && kernel?.status === 'busy') {
      // The run is that of a cell: what stops a cell stops it.
      void kernel.interrupt();
    }
  }

  async materialize(panel: NotebookPanel, assets: readonly string[], reach: Reach): Promise<void> {
    const told = await this.links.of(panel).ask({ type: 'materialize', assets, reach });
    if (told.problem !== null) {
      Notification.error(told.problem, { autoClose: 8000 });
    }
    // What a run came to is its warnings, a line each.
    for (const warning of told.result.split('\n').filter(Boolean)) {
      Notification.warning(warning, { autoClose: 15000 });
    }
  }
}

export const runner: JupyterFrontEndPlugin<IRunner> = {
  id: 'dagbook:runner',
  description: 'Runs assets for buttons and commands.',
  autoStart: true,
  requires: [ILinks],
  provides: IRunner,
  activate: (app: JupyterFrontEnd, links: ILinks) => new Runner(app.commands, links)
};
