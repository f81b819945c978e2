/** The sign of the command that makes everything fresh: what is stale, and the triangle that runs it. */
import { LabIcon } from '@jupyterlab/ui-components';

export const staleIcon = new LabIcon({
  name: 'dagbook:stale',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16">' +
    '<g class="jp-icon3" fill="#616161"><circle cx="3.5" cy="8" r="2.5"/>' +
    '<path d="M7.5 3v10l7.5-5z"/></g></svg>'
});
