"""A sentence knows what it was made of, wherever it is taken."""

import copy
import pickle

from ledger.domain.reasons import said


def test_it_reaches_another_process_with_its_parts() -> None:
    sentence = said("{rights:,} rights", rights=1_000)
    for taken in (pickle.loads(pickle.dumps(sentence)), copy.copy(sentence)):
        assert (taken, taken.words, taken.values) == ("1,000 rights", "{rights:,} rights", {"rights": 1_000})
