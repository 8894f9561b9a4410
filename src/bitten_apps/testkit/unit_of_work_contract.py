"""The unit-of-work contract: numbered cards that every implementation of the `UnitOfWork` port passes.

Give each card a fresh bench (an empty store) and run its check; a broken promise raises `ContractBroken` with what was
expected and found. That every record comes back as it was stored is checked apart, for any record
(`unit_of_work.round_trips`), and so is a long life of a store against a small model (`unit_of_work.life`).
"""

from __future__ import annotations

from bitten_apps.testkit.contract_broken import ContractBroken
from bitten_apps.testkit.unit_of_work.bench import UnitOfWorkBench, UnitOfWorkCard
from bitten_apps.testkit.unit_of_work.promises.accounts import ACCOUNT_PROMISES
from bitten_apps.testkit.unit_of_work.promises.books import BOOK_PROMISES
from bitten_apps.testkit.unit_of_work.promises.earned.game import GAME_PROMISES
from bitten_apps.testkit.unit_of_work.promises.education import EDUCATION_PROMISES
from bitten_apps.testkit.unit_of_work.promises.errands import ERRAND_PROMISES
from bitten_apps.testkit.unit_of_work.promises.fires import FIRE_PROMISES
from bitten_apps.testkit.unit_of_work.promises.members.press_passes import PRESS_PASS_PROMISES
from bitten_apps.testkit.unit_of_work.promises.members.subscriptions import SUBSCRIPTION_PROMISES
from bitten_apps.testkit.unit_of_work.promises.messages import MESSAGE_PROMISES
from bitten_apps.testkit.unit_of_work.promises.onboarding import ONBOARDING_PROMISES
from bitten_apps.testkit.unit_of_work.promises.people import PEOPLE_PROMISES
from bitten_apps.testkit.unit_of_work.promises.privacy import PRIVACY_PROMISES
from bitten_apps.testkit.unit_of_work.promises.progression import PROGRESSION_PROMISES
from bitten_apps.testkit.unit_of_work.promises.record import RECORD_PROMISES
from bitten_apps.testkit.unit_of_work.promises.records import RECORD_KEEPING_PROMISES
from bitten_apps.testkit.unit_of_work.promises.signals import SIGNAL_PROMISES
from bitten_apps.testkit.unit_of_work.promises.transactions import TRANSACTION_PROMISES

__all__ = ["UNIT_OF_WORK_CARDS", "ContractBroken", "UnitOfWorkBench", "UnitOfWorkCard"]

UNIT_OF_WORK_CARDS: tuple[UnitOfWorkCard, ...] = tuple(
    UnitOfWorkCard(number, promise, check)
    for number, (promise, check) in enumerate(
        (
            *TRANSACTION_PROMISES,
            *RECORD_KEEPING_PROMISES,
            *ACCOUNT_PROMISES,
            *FIRE_PROMISES,
            *ERRAND_PROMISES,
            *BOOK_PROMISES,
            *PEOPLE_PROMISES,
            *MESSAGE_PROMISES,
            *RECORD_PROMISES,
            *SIGNAL_PROMISES,
            *PROGRESSION_PROMISES,
            *EDUCATION_PROMISES,
            *PRESS_PASS_PROMISES,
            *SUBSCRIPTION_PROMISES,
            *ONBOARDING_PROMISES,
            *GAME_PROMISES,
            *PRIVACY_PROMISES,
        ),
        start=1,
    )
)
"""The cards, in order."""
