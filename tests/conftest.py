pytest_plugins = [
    "tests.galaxy_server",
    "tests.nginx",
    "tests.system_packages",
    "tests.browser",
    "tests.browsers",
    "tests.people",
    "tests.storage",
    "tests.writers",
]
