/** Registers the extension's plugins, and does nothing else. */
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { editor } from './editor/plugin';

const plugins: JupyterFrontEndPlugin<unknown>[] = [editor];

export default plugins;
