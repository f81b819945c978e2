"""Has the notebooks run by pytest --nbval on empty stores, with what honestly differs left out."""

pytest_plugins = ["dagbook.testing.plugin"]
