"""The few rules of CSS that make the widget sit well in light and dark notebooks."""

from __future__ import annotations

CSS = """<style>
.dagbook-root { border: 1px solid var(--jp-border-color2, #ddd); border-radius: 6px;
  background: var(--jp-layout-color0, #fff); }
.dagbook-graph.custom-widget { background: var(--jp-layout-color0, #fff); resize: none; border: none; }
.dagbook-graph.custom-widget:hover { border: none; }
.dagbook-toolbar { gap: 4px; padding: 6px 8px; border-bottom: 1px solid var(--jp-border-color2, #ddd); }
.dagbook-toolbar .widget-button, .dagbook-toolbar .widget-toggle-button,
.dagbook-toolbar .widget-text { margin: 0; }
.dagbook-toolbar .widget-button, .dagbook-toolbar .widget-toggle-button { border-radius: 4px; }
.dagbook-line { padding: 0 10px; }
.dagbook-line .widget-html-content, .dagbook-side .widget-html-content {
  line-height: 1.5; font-size: 13px; color: var(--jp-ui-font-color1, inherit); overflow-wrap: anywhere;
}
.dagbook-side .widget-html { max-width: 100%; margin: 0; }
.dagbook-side .widget-html-content { min-width: 0; width: 100%; }
.dagbook-line .widget-html-content { font-size: 12px; }
.dagbook-side { position: relative; border-left: 1px solid var(--jp-border-color2, #ddd); padding: 8px 10px 8px 12px; }
.dagbook-side.dagbook-below { border-left: none; border-top: 1px solid var(--jp-border-color2, #ddd); }
.dagbook-suggestions { gap: 4px; padding: 4px 8px 0; }
.dagbook-suggestions .widget-button { margin: 0; height: 24px; line-height: 22px; padding: 0 8px;
  border-radius: 12px; font-family: var(--jp-code-font-family, monospace); }
.dagbook-mark { position: absolute; left: 0; width: 1px; overflow: hidden; visibility: hidden; }
.dagbook-stage { position: relative; }
/* In a place of its own the widget is as high as that, and its parts scroll. */
.dagbook-tall { height: 100%; box-sizing: border-box; }
.dagbook-tall > * { flex: 0 0 auto; }
.dagbook-tall > .dagbook-body { flex: 1 1 0; min-height: 0; overflow: hidden; }
.dagbook-tall .dagbook-toolbar .widget-button, .dagbook-tall .dagbook-toolbar .widget-toggle-button {
  height: 24px; line-height: 22px; padding: 0 7px; font-size: 12px; }
.dagbook-tall .dagbook-side { min-height: 0; }
.dagbook-tall .dagbook-panel table { font-size: 12px !important; }
.dagbook-tall .dagbook-panel :is(td, th):not(:last-child) { padding-right: 6px !important; }
.dagbook-tall .dagbook-panel :is(td, th):last-child { padding-right: 0 !important; }
.dagbook-tall .dagbook-panel th { white-space: normal !important; }
.dagbook-tall .dagbook-panel td:has(> span[style*="code-font"]) { min-width: 8ch;
  white-space: normal !important; overflow-wrap: anywhere !important; }
/* Where the live graph is drawn, its static twin above it would only say the same again; where its
   kernel has gone, nobody answers its buttons. In an exported page, whose body is the notebook,
   nothing is live. */
body:not(.jp-Notebook) .jp-OutputArea:has(.dagbook-root:not(.jupyter-widgets-disconnected) .dagbook-graph canvas)
  > .jp-OutputArea-child:has(.dagbook-still),
.jp-OutputArea:has(.dagbook-still) > .jp-OutputArea-child:has(.dagbook-root.jupyter-widgets-disconnected),
body.jp-Notebook .jp-OutputArea-child:has(.dagbook-root) { display: none; }
.jp-OutputArea:has(.dagbook-root.jupyter-widgets-disconnected) .dagbook-still::before {
  content: "The kernel was restarted: run this cell again to click the graph.";
  display: block; padding: 4px 0 8px; color: var(--jp-ui-font-color2, #666); }
.dagbook-close { position: absolute; top: 6px; right: 8px; z-index: 1; background: transparent; }
</style>"""
