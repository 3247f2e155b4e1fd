pytest_plugins = [
    "tests.galaxy_server",
    "tests.system_packages",
    "tests.browser",
    "tests.people",
    "tests.storage",
    "tests.writers",
]
