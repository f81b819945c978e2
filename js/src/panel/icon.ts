/** The sign of the panel and of the commands: three assets, and who reads whom. */
import { LabIcon } from '@jupyterlab/ui-components';

export const graphIcon = new LabIcon({
  name: 'dagbook:graph',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16">' +
    '<g class="jp-icon3" fill="#616161"><rect x="1" y="1" width="6" height="4" rx="1"/>' +
    '<rect x="1" y="11" width="6" height="4" rx="1"/><rect x="9" y="6" width="6" height="4" rx="1"/>' +
    '<path d="M7 2.5h3.6c.8 0 1.4.6 1.4 1.4V6h-1.2V4.2c0-.3-.2-.5-.5-.5H7z' +
    'M7 13.5h3.6c.8 0 1.4-.6 1.4-1.4V10h-1.200v1.800c0 .3-.2.5-.5.5H7z"/></g></svg>'
});
