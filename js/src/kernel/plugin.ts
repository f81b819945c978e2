/** Gives each notebook its link with the kernel. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { INotebookTracker } from '@jupyterlab/notebook';
import { Token } from '@lumino/coreutils';

import { VERSION } from '../protocol';
import { KernelLink } from './link';
import { screenOf } from './origins';
import { Returns } from './returns';

export interface ILinks {
  /** The link of this notebook with its kernel. */
  of(panel: NotebookPanel): KernelLink;
  /** The notebook of the page that has the comms with this one's kernel; mostly itself. */
  carrier(panel: NotebookPanel): NotebookPanel;
}

export const ILinks = new Token<ILinks>('dagbook:ILinks', 'The links of notebooks with kernels.');

class Links implements ILinks {
  private readonly links = new Map<NotebookPanel, KernelLink>();

  of(panel: NotebookPanel): KernelLink {
    const known = this.links.get(panel);
    if (known !== undefined) {
      return known;
    }
    const link = new KernelLink(
      panel.sessionContext,
      VERSION,
      () => this.links.values(),
      () => screenOf(panel)
    );
    this.links.set(panel, link);
    panel.disposed.connect(() => {
      this.links.delete(panel);
      link.dispose();
    });
    return link;
  }

  carrier(panel: NotebookPanel): NotebookPanel {
    const { carrier } = this.of(panel);
    return [...this.links].find(([, link]) => link === carrier)?.[0] ?? panel;
  }
}

export const kernel: JupyterFrontEndPlugin<ILinks> = {
  id: 'dagbook:kernel',
  description: 'Talks with the kernels of notebooks that use dagbook.',
  autoStart: true,
  requires: [INotebookTracker],
  provides: ILinks,
  activate: (_: JupyterFrontEnd, tracker: INotebookTracker) => {
    const links = new Links();
    // From the start, so that no kernel opens its comm before somebody listens.
    tracker.widgetAdded.connect((_, panel) => void links.of(panel));
    tracker.forEach(panel => void links.of(panel));
    const returns = new Returns();
    const back = (): void => {
      const panel = tracker.currentWidget;
      if (panel !== null && document.visibilityState === 'visible') {
        returns.back(links.of(panel), panel.sessionContext.session?.kernel?.status);
      }
    };
    window.addEventListener('focus', back);
    document.addEventListener('visibilitychange', back);
    tracker.currentChanged.connect(back);
    return links;
  }
};
