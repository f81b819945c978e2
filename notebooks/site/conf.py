"""How Sphinx makes the site; `python -m notebooks.site` calls it on the pages that it has put together."""

from __future__ import annotations

from notebooks.site.reading import extend

project = "dagbook"
author = "the dagbook authors"
language = "en"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx_copybutton"]

# The notebooks have been run already, each on an empty store.
nb_execution_mode = "off"
# Outputs that the page would need scripts from elsewhere for are never the best ones.
nb_mime_priority_overrides = [
    ("html", "application/vnd.jupyter.widget-view+json", None),
    ("html", "application/javascript", None),
]
nb_merge_streams = True
# Tables are beyond the Markdown that is the rule for outputs.
nb_render_markdown_format = "gfm"
myst_heading_anchors = 4
myst_links_external_new_tab = False
# An error of ours is a sentence, which the lexer of tracebacks does not know all the same.
suppress_warnings = ["config.cache", "misc.highlighting_failure"]

# Docstrings write names in single backticks.
default_role = "named"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
autodoc_use_legacy_class_based = False
python_maximum_signature_line_length = 80
python_use_unqualified_type_names = True
add_module_names = False
toc_object_entries_show_parents = "hide"

exclude_patterns = ["_originals", "_static"]

# A block without a language is a drawing or a grammar.
highlight_language = "none"

html_theme = "furo"
html_title = "dagbook"
html_static_path = ["_static"]
html_css_files = ["dagbook.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
html_use_index = True
html_theme_options = {"navigation_with_keys": True, "footer_icons": []}
pygments_style = "friendly"
pygments_dark_style = "github-dark"
# A click copies the code, and not the prompts of an example.
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

setup = extend
