"""All rules over all files."""

import re
from collections.abc import Sequence
from pathlib import Path

from .exports import Exports
from .factories import Factories
from .life import Facts, Life
from .module_init import ModuleInit
from .project import Project, load
from .references import References
from .report import Finding

ALLOWED = re.compile(r"heap_type_check: allow ([a-z-]+)")


def check(files: Sequence[Path]) -> tuple[list[str], list[Finding]]:
    """Check the files as one extension; return the names of its types, and what is wrong."""
    project = load(files)
    facts = facts_of(project)
    findings = [one for kind in project.types for one in Life(facts, kind).findings()]
    findings.extend(Factories(facts).findings())
    findings.extend(ModuleInit(project).findings())
    kept = [one for one in findings if not is_allowed(one)]
    return [kind.name for kind in project.types], kept


def facts_of(project: Project) -> Facts:
    """Return what the rules for types go by."""
    references = References(project)
    return Facts(project, references, Exports(project, references))


def fields(files: Sequence[Path]) -> dict[str, set[str]]:
    """Return by type the fields of which the collector is told, or should be."""
    project = load(files)
    facts = facts_of(project)
    return {kind.name: Life(facts, kind).concerning_gc() for kind in project.types}


def is_allowed(finding: Finding) -> bool:
    """Return whether the line of a finding, or that above it, allows it."""
    lines = Path(finding.file).read_text(errors="replace").splitlines()
    near = lines[max(0, finding.line - 2) : finding.line]
    return any(finding.rule in ALLOWED.findall(line) for line in near)
