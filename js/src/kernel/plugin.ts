/** Gives each notebook its link with the kernel. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { INotebookTracker } from '@jupyterlab/notebook';
import { Token } from '@lumino/coreutils';

import { VERSION } from '../protocol';
import { KernelLink } from './link';

export interface ILinks {
  /** The link of this notebook with its kernel. */
  of(panel: NotebookPanel): KernelLink;
}

export const ILinks = new Token<ILinks>('dagbook:ILinks', 'The links of notebooks with kernels.');

class Links implements ILinks {
  private readonly links = new WeakMap<NotebookPanel, KernelLink>();

  of(panel: NotebookPanel): KernelLink {
    const known = this.links.get(panel);
    if (known !== undefined) {
      return known;
    }
    const link = new KernelLink(panel.sessionContext, VERSION);
    this.links.set(panel, link);
    panel.disposed.connect(() => {
      link.dispose();
    });
    return link;
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
    return links;
  }
};
