/** What the editor knows of asset cells: colours, completion, hover, underlines. */
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

export const editor: JupyterFrontEndPlugin<void> = {
  id: 'dagbook:editor',
  description: 'Reads the cells of assets in the editor.',
  autoStart: true,
  activate: () => undefined
};
