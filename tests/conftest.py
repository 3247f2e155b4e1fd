pytest_plugins = [
    "tests.galaxy_server",
    "tests.system_packages",
    "tests.browser",
    "tests.firefox",
    "tests.people",
    "tests.storage",
    "tests.writers",
]
