pytest_plugins = [
    "tests.ending",
    "tests.galaxy_server",
    "tests.system_packages",
    "tests.nginx",
    "tests.browser",
    "tests.browsers",
    "tests.people",
    "tests.storage",
    "tests.writers",
]
