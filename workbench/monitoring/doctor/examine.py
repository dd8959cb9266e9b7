"""Everything that is looked at without being asked for by itself."""

from pathlib import Path

from workbench.monitoring.doctor.engines import examine_engines
from workbench.monitoring.doctor.finding import Section
from workbench.monitoring.doctor.libraries import examine_libraries
from workbench.monitoring.doctor.network import ask_network, examine_network
from workbench.monitoring.doctor.privacy import without_person
from workbench.monitoring.doctor.processor import examine_processor, examine_system
from workbench.monitoring.doctor.room import examine_disk, examine_memory


def examine(root: Path, *, asks_network: bool = False) -> list[Section]:
    """Takes seconds: the kernels of the fast path are built if they are not there, and tried.

    No path, user or host name is told, so that the findings can be shown to others.
    """
    sections = [
        Section("System", tuple(examine_system())),
        Section("Processor", tuple(examine_processor())),
        Section("Memory and disk", (*examine_memory(), *examine_disk(root))),
        Section("Engine", tuple(examine_engines(root))),
        Section("Libraries", tuple(examine_libraries())),
        ask_network() if asks_network else examine_network(),
    ]
    return [without_person(section, root) for section in sections]
