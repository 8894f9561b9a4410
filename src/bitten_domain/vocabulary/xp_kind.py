"""XP kind: what experience points are given for, and what they are spent on. Nothing here is a trade."""

from bitten_domain.values.identity_enum import IdentityEnum

__all__ = ["XpKind"]


class XpKind(IdentityEnum):
    """Kinds of entries in the XP ledger; the last two spend."""

    ADHERENT_DAY = "ADHERENT_DAY"
    ADHERENT_WEEK = "ADHERENT_WEEK"
    DIARY = "DIARY"
    LESSON = "LESSON"
    PERFECT_QUIZ = "PERFECT_QUIZ"
    ACHIEVEMENT = "ACHIEVEMENT"
    CHALLENGE = "CHALLENGE"
    PRESTIGE = "PRESTIGE"
    PURCHASE = "PURCHASE"

    @property
    def spends(self) -> bool:
        """Whether an entry of this kind lowers the balance; lifetime XP is never lowered."""
        return self in (XpKind.PRESTIGE, XpKind.PURCHASE)
