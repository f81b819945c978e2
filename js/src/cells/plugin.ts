/** Badges on the cells that define assets and checks, and live graphs that fit where they are. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';

import { IRunner } from '../commands/runner';
import { Origins } from '../kernel/origins';
import { ILinks } from '../kernel/plugin';
import { NotebookBadges } from './badges';
import { DeletedCells } from './deletions';
import { keepFitted } from './fitting';

export const cells: JupyterFrontEndPlugin<void> = {
  id: 'dagbook:cells',
  description: 'Shows on each cell of an asset or a check how it stands, and runs it.',
  autoStart: true,
  requires: [INotebookTracker, ILinks, IRunner],
  activate: (app: JupyterFrontEnd, tracker: INotebookTracker, links: ILinks, runner: IRunner) => {
    const follow = (panel: Parameters<ILinks['of']>[0]): void => {
      const link = links.of(panel);
      keepFitted(panel.content.node);
      void panel.revealed.then(() => {
        new NotebookBadges(panel, link, runner);
        new Origins(panel, link);
        new DeletedCells(panel, link, () => {
          app.shell.activateById(panel.id);
          void app.commands.execute('notebook:undo-cell-action');
        });
      });
    };
    tracker.widgetAdded.connect((_, panel) => {
      follow(panel);
    });
    tracker.forEach(follow);
  }
};
