/** Clicks with Shift, Ctrl or Cmd in a live graph: each adds an asset to the selection or takes it out. */

/**
 * Hold the button *Several* of a graph down for as long as such a click goes on; ends by the signal.
 *
 * What a graph tells its kernel of a click says nothing of keys.
 */
export function followKeys(page: Document, signal: AbortSignal): void {
  const pressed = (event: MouseEvent): void => {
    press(page, event, signal);
  };
  page.addEventListener('mousedown', pressed, { capture: true, signal });
}

function press(page: Document, event: MouseEvent, signal: AbortSignal): void {
  const held = event.shiftKey || event.ctrlKey || event.metaKey;
  if (!held || event.button !== 0 || !(event.target instanceof Element)) {
    return;
  }
  const root = event.target.closest('.dagbook-graph')?.closest('.dagbook-root');
  const several = root?.querySelector<HTMLElement>('.dagbook-toolbar .widget-toggle-button');
  if (!several || several.classList.contains('mod-active')) {
    return;
  }
  several.click();
  // The graph tells of the click as the button of the mouse comes up, and only then is it over.
  const release = (): void => {
    setTimeout(() => {
      several.click();
    });
  };
  page.addEventListener('mouseup', release, { capture: true, once: true, signal });
}
