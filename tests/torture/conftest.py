"""What the suite measured, said at its end."""


def pytest_terminal_summary(terminalreporter):
    reports = [report for some in terminalreporter.stats.values() for report in some]
    for report in reports:
        for name, value in getattr(report, "user_properties", ()):
            if name == "torture" and report.when == "call":
                terminalreporter.write_line(f"Torture : {value}")
