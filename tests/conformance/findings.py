"""What the kit found, as a vendor reads it."""

from servicedesk.conformance.report import Finding


def to_mend(findings: list[Finding]) -> set[str]:
    return {finding.asked for finding in findings if not finding.is_well}
