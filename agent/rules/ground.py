"""What a rule stands on: the site, the limits, what is known of people now, and where they can be asked."""

from dataclasses import dataclass, field

from agent.detection.ward import Ward
from agent.residents import Resident, Site
from agent.rules.settings import RuleSettings
from agent.rules.voices import Voices


@dataclass(slots=True)
class Ground:
    """Shared by all rules of a home; `site` and `settings` are replaced when staff change them."""

    site: Site
    settings: RuleSettings
    ward: Ward
    voices: Voices = field(default_factory=Voices)

    @staticmethod
    def of(site: Site, settings: RuleSettings | None = None) -> "Ground":
        """Ground of a home where nothing has happened yet."""
        return Ground(site, settings or RuleSettings(), Ward(site))

    def limits(self, resident: Resident | None) -> RuleSettings:
        """The limits that hold for `resident`: the home's, with the resident's own in their place."""
        if resident is None or not resident.limits:
            return self.settings
        return self.settings.overridden(resident.limits)

    def use(self, site: Site) -> None:
        """Site facts have changed."""
        self.site = self.ward.site = site
