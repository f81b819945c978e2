"""The few rules of CSS that make the widget sit well in light and dark notebooks."""

from __future__ import annotations

CSS = """<style>
.dagbook-root { border: 1px solid var(--jp-border-color2, #ddd); border-radius: 6px; }
.dagbook-graph.custom-widget { background: var(--jp-layout-color0, #fff); resize: none; border: none; }
.dagbook-graph.custom-widget:hover { border: none; }
.dagbook-toolbar { gap: 4px; padding: 6px 8px; border-bottom: 1px solid var(--jp-border-color2, #ddd); }
.dagbook-toolbar .widget-button, .dagbook-toolbar .widget-toggle-button,
.dagbook-toolbar .widget-text { margin: 0; }
.dagbook-toolbar .widget-button, .dagbook-toolbar .widget-toggle-button { border-radius: 4px; }
.dagbook-line { padding: 0 10px; }
.dagbook-line .widget-html-content, .dagbook-side .widget-html-content {
  line-height: 1.5; font-size: 13px; color: var(--jp-ui-font-color1, inherit); overflow-wrap: break-word;
}
.dagbook-line .widget-html-content { font-size: 12px; }
.dagbook-side { position: relative; border-left: 1px solid var(--jp-border-color2, #ddd); padding: 8px 4px 8px 12px; }
.dagbook-side.dagbook-below { border-left: none; border-top: 1px solid var(--jp-border-color2, #ddd); }
/* While the live graph is here, its static twin above it would only say the same again. */
.jp-OutputArea:has(.dagbook-root) > .jp-OutputArea-child:has(.dagbook-still) { display: none; }
.dagbook-close { position: absolute; top: 6px; right: 8px; z-index: 1; background: transparent; }
</style>"""
