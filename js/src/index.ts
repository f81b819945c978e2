/** Registers the extension's plugins, and does nothing else. */
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { cells } from './cells/plugin';
import { commands } from './commands/plugin';
import { runner } from './commands/runner';
import { editor } from './editor/plugin';
import { kernel } from './kernel/plugin';
import { panel } from './panel/plugin';

const plugins: JupyterFrontEndPlugin<unknown>[] = [kernel, runner, cells, panel, commands, editor];

export default plugins;
