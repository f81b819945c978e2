/** Badges on the cells that define assets and checks. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';

import { IRunner } from '../commands/runner';
import { ILinks } from '../kernel/plugin';
import { NotebookBadges } from './badges';

export const cells: JupyterFrontEndPlugin<void> = {
  id: 'dagbook:cells',
  description: 'Shows on each cell of an asset or a check how it stands, and runs it.',
  autoStart: true,
  requires: [INotebookTracker, ILinks, IRunner],
  activate: (_: JupyterFrontEnd, tracker: INotebookTracker, links: ILinks, runner: IRunner) => {
    const follow = (panel: Parameters<ILinks['of']>[0]): void => {
      void panel.revealed.then(() => new NotebookBadges(panel, links.of(panel), runner));
    };
    tracker.widgetAdded.connect((_, panel) => {
      follow(panel);
    });
    tracker.forEach(follow);
  }
};
