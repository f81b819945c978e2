/** The side panel with the live graph of the notebook in front. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';

import { ILinks } from '../kernel/plugin';
import { graphIcon } from './icon';
import { AssetsPanel } from './panel';
import { followClicks } from './clicks';

export const panel: JupyterFrontEndPlugin<void> = {
  id: 'dagbook:panel',
  description: 'Shows the live graph of the notebook in front in a panel of its own.',
  autoStart: true,
  requires: [INotebookTracker, ILinks],
  optional: [ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    links: ILinks,
    restorer: ILayoutRestorer | null
  ) => {
    const shown = new AssetsPanel(links);
    const ended = new AbortController();
    shown.disposed.connect(() => {
      ended.abort();
    });
    followClicks(document, ended.signal);
    app.shell.add(shown, 'right', { rank: 500, type: 'Assets' });
    restorer?.add(shown, shown.id);
    tracker.currentChanged.connect((_, notebook) => {
      shown.follow(notebook);
    });
    shown.follow(tracker.currentWidget);
    app.commands.addCommand('dagbook:show-graph', {
      label: 'Show the Graph of Assets',
      caption: 'Open the panel with the live graph of this notebook',
      icon: graphIcon,
      describedBy: {
        args: { type: 'object', properties: { asset: { type: 'string' } } }
      },
      execute: args => {
        app.shell.activateById(shown.id);
        shown.choose(typeof args.asset === 'string' ? args.asset : null);
      }
    });
  }
};
